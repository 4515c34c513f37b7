import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';
import { PackageWorkers } from '../../main/package/package-workers.ts';
import { letFileThreadsYield, letThreadsYield } from '../../main/yield-to-window.ts';

/** Of each thread of this process; what it is called may have brackets and spaces in it. */
const nicenesses = () => readdirSync('/proc/self/task').map((id) => {
  const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
});

test.runIf(process.platform === 'linux' && getPriority() < 19)('the threads of the app yield to its window, those of the command line to nobody', async () => {
  const before = nicenesses();
  const { signal } = new AbortController();
  await new PackageWorkers(1).run({ kind: 'look', folders: [] }, signal);
  expect(Math.max(...nicenesses())).toBe(Math.max(...before));
  letThreadsYield();
  await new PackageWorkers(1).run({ kind: 'look', folders: [] }, signal);
  expect(nicenesses().filter((niceness) => niceness > Math.max(...before))).toHaveLength(1);
});

test.runIf(process.platform === 'linux' && getPriority() < 19)('so do those that read and write the files of all others, but not who draws', async () => {
  const files = 4;
  await Promise.all(Array.from({ length: files }, () => readFile(import.meta.filename)));
  const [before, own] = [nicenesses(), getPriority()];
  letFileThreadsYield();
  const lowered = nicenesses().filter((niceness) => niceness > own).length - before.filter((niceness) => niceness > own).length;
  expect(lowered).toBeGreaterThanOrEqual(files);
  expect(getPriority()).toBe(own);
});
