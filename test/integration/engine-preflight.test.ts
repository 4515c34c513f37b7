import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PreflightFindings, UploadView, WaitingDrop } from '../../preload/contract.ts';
import { eventually } from '../support/eventually.ts';
import { startEngine, type Engine, type EngineOptions } from '../support/engine.ts';

let engine: Engine;
let directory: string;
let scratch: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-preflight-'));
  scratch = path.join(directory, 'scratch');
  engine = await startEngine({ asks: true, directory });
});

afterEach(async () => {
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});

async function file(name: string, content = 'x'): Promise<string> {
  const full = path.join(scratch, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

async function startAnew(change: Partial<EngineOptions> = {}): Promise<void> {
  await engine.close();
  engine = await startEngine({ asks: true, directory, ...change });
  await engine.ferry.restore();
}

const waiting = (): readonly WaitingDrop[] => engine.ferry.appState().waitingDrops;

/** The only waiting drop, once it was looked at. */
async function lookedAt(): Promise<WaitingDrop> {
  await eventually(() => waiting().length === 1 && waiting()[0]!.preflight.kind !== 'looking');
  return waiting()[0]!;
}

async function findings(): Promise<PreflightFindings> {
  const { preflight } = await lookedAt();
  if (preflight.kind !== 'ready') throw new Error(JSON.stringify(preflight));
  return preflight.findings;
}

const kinds = async (): Promise<readonly string[]> => (await findings()).warnings.map(({ kind }) => kind);

test('a drop says what it comes to, and nothing of it is sent before it is started', async () => {
  await file('Game/game.exe', 'exe');
  await file('Game/data/level.dat', 'level');
  await mkdir(path.join(scratch, 'Game/saves'));
  await symlink('/etc/hostname', path.join(scratch, 'Game/outside'));
  engine.ferry.drop([path.join(scratch, 'Game')]);
  expect(await findings()).toMatchObject({
    files: 2, bytes: 8, packedAs: 'Game.zip', entries: 3, leftOutCount: 1, leftOut: [{ path: 'outside', reason: 'symlink-outside' }],
    estimate: null, warnings: [],
  });
  await eventually(() => waiting()[0]!.kind === 'folder');
  expect(engine.ferry.uploads().uploads).toEqual([]);
  expect(engine.sandbox.requests()).toEqual([]);
  await engine.ferry.startDrop(waiting()[0]!.id, false);
  expect(waiting()).toEqual([]);
  expect(await engine.finished()).toMatchObject([{ name: 'Game.zip', phase: 'done' }]);
});

test('a drop that waits comes back waiting after a restart, and goes on from there', async () => {
  const apk = await file('app.apk');
  await engine.drop([apk], { service: 'ms' });
  const before = await lookedAt();
  await startAnew();
  expect(await lookedAt()).toEqual(before);
  expect(engine.ferry.uploads().uploads).toEqual([]);
  await engine.ferry.startDrop(before.id, false);
  expect(await engine.finished()).toMatchObject([{ name: 'app.apk', phase: 'done' }]);
  await startAnew();
  expect(waiting()).toEqual([]);
});

test('a discarded drop stays away', async () => {
  engine.ferry.drop([await file('game.zip')]);
  await engine.ferry.discardDrop((await lookedAt()).id);
  expect(waiting()).toEqual([]);
  await startAnew();
  expect(waiting()).toEqual([]);
  expect(engine.ferry.uploads().uploads).toEqual([]);
});

test('the same dropped twice waits once; the same for elsewhere waits as well', async () => {
  const zip = await file('game.zip');
  engine.ferry.drop([zip]);
  engine.ferry.drop([zip]);
  expect(waiting()).toHaveLength(1);
  await engine.drop([zip], { service: 'ms' });
  expect(waiting()).toHaveLength(2);
});

test('"don\'t ask again" starts this one and all later ones', async () => {
  engine.ferry.drop([await file('one.zip')]);
  await engine.ferry.startDrop((await lookedAt()).id, true);
  engine.ferry.drop([await file('two.zip')]);
  expect(waiting()).toEqual([]);
  expect(await engine.finished(2)).toMatchObject([{ phase: 'done' }, { phase: 'done' }]);
  expect(engine.ferry.appState().options.startsAtOnce).toBe(true);
});

test('what cannot be sent says why, and is looked at again once it is mended', async () => {
  const missing = path.join(scratch, 'late.zip');
  engine.ferry.drop([missing]);
  const drop = await lookedAt();
  expect(drop.preflight).toMatchObject({ kind: 'failed', problem: { code: 'source-missing' } });
  await file('late.zip');
  await engine.ferry.checkDrop(drop.id);
  expect((await findings()).files).toBe(1);
});

test('a package that Windows could not unpack is said to be one', async () => {
  await file('Game/game.exe');
  await file('Game/Readme.txt');
  await file('Game/README.TXT');
  await file('Game/aux.h');
  await file('Game/dots./a.txt');
  await file(`Game/${'deep/'.repeat(60)}file.txt`);
  engine.ferry.drop([path.join(scratch, 'Game')]);
  expect((await findings()).warnings).toEqual([
    { kind: 'same-on-windows', name: 'Readme.txt', other: 'README.TXT', count: 1 },
    { kind: 'windows-name', name: 'aux.h', count: 2 },
    { kind: 'windows-too-long', name: `${'deep/'.repeat(60)}file.txt`, count: 1 },
  ]);
});

test('a package without anything to run, and an archive that nobody would unpack', async () => {
  await file('Docs/readme.txt');
  engine.ferry.drop([path.join(scratch, 'Docs')]);
  expect(await kinds()).toEqual(['no-executable']);
  await engine.ferry.discardDrop(waiting()[0]!.id);
  engine.ferry.drop([await file('build.tar.gz')]);
  expect((await findings()).warnings).toEqual([{ kind: 'unusual-kind', name: 'build.tar.gz', count: 1 }]);
});

test('what Mobile Security does not take is said, an app is not', async () => {
  await engine.drop([await file('app.apk'), await file('notes.docx')], { service: 'ms' });
  expect((await findings()).warnings).toEqual([{ kind: 'unusual-kind', name: 'notes.docx', count: 1 }]);
});

test('more than there is room for in the sandbox is said', async () => {
  const huge = await file('huge.7z');
  const handle = await open(huge, 'r+');
  // Zeros that take no room; ext4 holds no more in one file.
  await handle.truncate(8e12);
  await handle.close();
  engine.ferry.drop([huge]);
  expect((await findings()).warnings).toMatchObject([{ kind: 'no-room', neededBytes: 8e12 }]);
});

test('what another upload is sending is said, also where that is inside of what was dropped', async () => {
  await file('Game/game.exe');
  const inside = await file('Game/data.zip', 'zip');
  engine.sandbox.rules.credentialLifeSeconds = 3600;
  await engine.ferry.setLimits({ ...engine.ferry.appState().limits, bytesPerSecond: 1 });
  engine.ferry.drop([inside]);
  await engine.ferry.startDrop((await lookedAt()).id, false);
  await eventually(() => engine.ferry.uploads().uploads.length === 1);
  engine.ferry.drop([path.join(scratch, 'Game')]);
  expect((await findings()).warnings).toEqual([{ kind: 'sending', name: 'Game', count: 1 }]);
});

test('the time it takes follows the last measured speed, and is held against the key\'s life', async () => {
  const large = await file('large.apk');
  const handle = await open(large, 'r+');
  await handle.truncate(40e6);
  await handle.close();
  await engine.ferry.setLimits({ ...engine.ferry.appState().limits, bytesPerSecond: 20_000_000 });
  await engine.drop([large], { service: 'ms' });
  expect((await findings()).estimate).toBeNull();
  await engine.ferry.startDrop(waiting()[0]!.id, false);
  await engine.finished();
  // The measured speed outlives a restart; the credential does not.
  await startAnew();
  await engine.ferry.setLimits({ ...engine.ferry.appState().limits, bytesPerSecond: 1_000 });
  await engine.drop([large], { service: 'ms', durationSeconds: 1800 });
  expect(await findings()).toMatchObject({
    estimate: { bytesPerSecond: 1_000, seconds: 40_000 }, keySeconds: 1800,
    warnings: [{ kind: 'outlives-key', seconds: 40_000, keySeconds: 1800 }, { kind: 'uploaded-before' }],
  });
});

test.each(['game.7z', 'Game'])('that the same %s was uploaded before is said, until it is changed', async (name) => {
  await file('game.7z', 'four');
  await file('Game/game.exe', 'exe');
  await file('Game/data/level.dat', 'level');
  const dropped = path.join(scratch, name);
  engine.ferry.drop([dropped]);
  expect(await kinds()).toEqual([]);
  await engine.ferry.startDrop(waiting()[0]!.id, false);
  const [{ finishedAtMs }] = await engine.finished() as [UploadView];
  engine.ferry.drop([dropped]);
  expect((await findings()).warnings).toEqual([{
    kind: 'uploaded-before', name, count: 1, atMs: finishedAtMs,
    service: 'car', accountId: 'sandbox', accountLabel: expect.any(String) as string, applicationId: 'app-sandbox', cosRegion: '',
  }]);
  await file(name === 'Game' ? 'Game/data/level.dat' : name, 'five!');
  await engine.ferry.checkDrop(waiting()[0]!.id);
  expect(await kinds()).toEqual([]);
});

test('the same is said of a folder whose files go one by one, and of some of several files', async () => {
  const apks = [await file('a.apk'), await file('b.apk'), await file('c.apk')];
  await file('Build/one.apk');
  await file('Build/more/two.apk', 'two');
  const folder = path.join(scratch, 'Build');
  await engine.drop([folder], { service: 'ms' });
  await findings();
  await engine.ferry.startDrop(waiting()[0]!.id, false);
  await engine.finished(2);
  await engine.drop(apks.slice(0, 2), { service: 'ms' });
  await findings();
  await engine.ferry.startDrop(waiting()[0]!.id, false);
  await engine.finished(4);
  await engine.drop([folder], { service: 'ms' });
  expect((await findings()).warnings).toMatchObject([{ kind: 'uploaded-before', name: 'Build', count: 1, service: 'ms', cosRegion: '' }]);
  await engine.ferry.discardDrop(waiting()[0]!.id);
  await engine.drop(apks, { service: 'ms' });
  expect((await findings()).warnings).toMatchObject([{ kind: 'uploaded-before', count: 2 }]);
  await engine.ferry.discardDrop(waiting()[0]!.id);
  await file('Build/more/two.apk', 'three');
  await engine.drop([folder], { service: 'ms' });
  expect(await kinds()).toEqual([]);
});

test('a history that cannot be read holds nothing up, and is said', async () => {
  await mkdir(path.join(directory, 'history.jsonl'));
  engine.ferry.drop([await file('game.7z')]);
  expect(await kinds()).toEqual([]);
  expect(engine.problems.map(({ code }) => code)).toEqual(['history-not-kept']);
});
