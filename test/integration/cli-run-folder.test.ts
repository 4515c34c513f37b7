import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pidSpace } from '../../main/cli/pid-space.ts';
import { RunFolder, runFolders } from '../../main/cli/run-folder.ts';

let state: string;

beforeEach(async () => { state = await mkdtemp(path.join(tmpdir(), 'ferry-state-')); });
afterEach(async () => { await rm(state, { recursive: true, force: true }); });

const anHourAgo = new Date(Date.now() - 3_600_000);

/** A folder as another process would have left it, or have it. */
async function otherFolder(lock: { readonly pid: number; readonly host?: string; readonly touched?: Date } | null): Promise<string> {
  const folder = path.join(state, 'runs', 'other');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'a.json'), '{}');
  if (lock) {
    await writeFile(path.join(folder, 'lock'), JSON.stringify({ host: pidSpace(), ...lock }));
    if (lock.touched) await utimes(path.join(folder, 'lock'), lock.touched, lock.touched);
  }
  return folder;
}

// The test runner's own parent lives as long as the test; no process has the other number.
const [living, dead] = [process.ppid, 2 ** 22 + 1];

test.each([
  ['of a process that is gone', { pid: dead }],
  ['that was never locked', null],
  ['whose pid was given to another process since', { pid: living, touched: anHourAgo }],
  ['of another container that is gone', { pid: 7, host: 'elsewhere', touched: anHourAgo }],
  ['of a process with this one\'s pid, before a restart', { pid: process.pid }],
])('a folder %s is taken over', async (_what, lock) => {
  await otherFolder(lock);
  const { folder, busy } = await RunFolder.takeOver(state);
  expect(busy).toBe(false);
  expect((await readdir(folder.directory)).sort()).toEqual(['a.json', 'lock']);
  expect(await readdir(path.join(state, 'runs'))).toEqual([path.basename(folder.directory)]);
  await folder.release();
  expect(await readdir(folder.directory)).toEqual(['a.json']);
});

test.each([
  ['a living process', { pid: living }],
  ['a process on another computer', { pid: dead, host: 'elsewhere' }],
  ['a process in another container of the same host name', { pid: process.pid, host: `${hostname()} pid:[1]` }],
])('the folder of %s is left to it', async (_what, lock) => {
  const other = await otherFolder(lock);
  const { folder, busy } = await RunFolder.takeOver(state);
  expect(busy).toBe(true);
  expect(await readdir(other)).toContain('a.json');
  await folder.release();
  expect(await readdir(path.join(state, 'runs'))).toEqual(['other']);
});

test('a folder that a process was making when it ended is cleared away, and never shown', async () => {
  const unseen = path.join(state, 'runs', '.half-made');
  await mkdir(unseen, { recursive: true });
  expect(await runFolders(state)).toEqual([]);
  const { folder } = await RunFolder.takeOver(state);
  expect(await readdir(path.join(state, 'runs'))).toEqual([path.basename(folder.directory)]);
  await folder.release();
});

test('a new folder has its lock from the moment it can be seen', async () => {
  const runs = path.join(state, 'runs');
  await mkdir(runs, { recursive: true });
  const unlocked: string[] = [];
  const watcher = watch(runs, (_event, name) => {
    if (name && !name.startsWith('.') && existsSync(path.join(runs, name)) && !existsSync(path.join(runs, name, 'lock'))) unlocked.push(name);
  });
  const folders = await Promise.all(Array.from({ length: 8 }, () => RunFolder.create(state)));
  watcher.close();
  expect(unlocked).toEqual([]);
  for (const folder of folders) expect(await readdir(folder.directory)).toEqual(['lock']);
  for (const folder of folders) await folder.release();
  expect(await readdir(runs)).toEqual([]);
});

test.runIf(process.platform === 'linux')('a lock says in which PID namespace its pid is one', async () => {
  const { folder } = await RunFolder.takeOver(state);
  const { host } = JSON.parse(await readFile(path.join(folder.directory, 'lock'), 'utf8')) as { host: string };
  expect(host).toContain(await readlink('/proc/self/ns/pid'));
  await folder.release();
});
