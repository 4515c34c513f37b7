import { readdir, readFile } from 'node:fs/promises';

/** A process and what was told to it: its arguments and its environment, as one text. */
export interface ToldProcess {
  readonly pid: number;
  readonly told: string;
}

/** A process and everything it has started, by Linux's /proc; what ends meanwhile is left out. */
export async function processTree(root: number): Promise<readonly ToldProcess[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    parents.set(pid, Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0));
  }
  const isOfTree = (pid: number): boolean => pid === root || (parents.has(pid) && pid > 1 && isOfTree(parents.get(pid) ?? 0));
  const read = (pid: number, what: string): Promise<string> => readFile(`/proc/${pid}/${what}`, 'latin1').catch(() => '');
  return Promise.all([...parents.keys()].filter(isOfTree).map(async (pid) => ({ pid, told: `${await read(pid, 'cmdline')}\0${await read(pid, 'environ')}` })));
}
