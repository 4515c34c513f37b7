import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DropRecord } from '../../main/uploads/drop-record.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { buildCli, sandboxEnvironment, startCli, type CliRun } from '../support/cli.ts';

const count = 1_500;
let cli: string;
let directory: string;
let sandbox: Sandbox;
let state: string;

beforeAll(async () => { cli = await buildCli('drop-crash'); });

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-drop-crash-'));
  sandbox = await startSandbox({ directory: path.join(directory, 'sandbox'), rotateScopes: false });
  state = path.join(directory, 'state');
  await mkdir(path.join(directory, 'many'));
  for (let index = 0; index < count; index++) await writeFile(path.join(directory, 'many', `${index}.txt`), String(index));
});

afterEach(async () => {
  await sandbox.close();
  await rm(directory, { recursive: true, force: true });
});

const start = (args: readonly string[]): CliRun => startCli(cli, [...args, '--json', '--state-dir', state], sandboxEnvironment(sandbox));

async function kept(): Promise<DropRecord | null> {
  const files = (await readdir(state, { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.drop.json'));
  return files[0] === undefined ? null : JSON.parse(await readFile(path.join(state, files[0]), 'utf8')) as DropRecord;
}

async function killedWhen(come: () => Promise<boolean>): Promise<DropRecord | null> {
  const started = start(['upload', '--service', 'ms', path.join(directory, 'many')]);
  while (!await come()) await sleep(1);
  started.process.kill('SIGKILL');
  await started.ended;
  return kept();
}

/** Kills a process when the drop is on disk and its folder is still being read. */
async function killedWhileReading(): Promise<void> {
  for (let tries = 1; ; tries++) {
    state = path.join(directory, `state-${tries}`);
    const record = await killedWhen(async () => await kept().catch(() => null) !== null);
    // One that was faster than that proves nothing.
    if (record?.listing === null) return;
    expect(tries).toBeLessThan(10);
  }
}

/** Kills it once more on the way, then lets it come to its end. */
async function everyFileArrivesOnce(): Promise<void> {
  const before = await sandbox.listObjects();
  const again = start(['resume']);
  await Promise.race([again.ended, (async () => {
    while ((await sandbox.listObjects()).length < before.length + 200) await sleep(5);
  })()]);
  again.process.kill('SIGKILL');
  await again.ended;
  const listed = (await start(['list']).ended).events;
  const names = listed.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);

  const resumed = await start(['resume']).ended;
  expect(resumed).toMatchObject({ status: 0, stderr: '' });
  const done = resumed.events.filter(({ event }) => event === 'done').map(({ name }) => name);
  expect(new Set(done).size).toBe(done.length);
  const objects = await sandbox.listObjects();
  expect(objects.map(({ key }) => path.basename(key)).sort()).toEqual(Array.from({ length: count }, (_, index) => `${index}.txt`).sort());
  expect((await start(['list']).ended).stdout).toBe('');
}

test('a process that is killed right after the drop loses nothing', async () => {
  await killedWhileReading();
  expect((await start(['list']).ended).events).toMatchObject([{ name: 'many', state: 'running', paths: [path.join(directory, 'many')] }]);
  await everyFileArrivesOnce();
}, 120_000);

test('nor does one that is killed once the first files have arrived', async () => {
  const record = await killedWhen(async () => (await sandbox.listObjects()).length > 0);
  expect(record).not.toBeNull();
  await everyFileArrivesOnce();
}, 120_000);

test('a folder that was kept and not read yet can be given up', async () => {
  await killedWhileReading();
  expect((await start(['abort']).ended).status).toBe(0);
  expect((await start(['list']).ended).stdout).toBe('');
}, 60_000);
