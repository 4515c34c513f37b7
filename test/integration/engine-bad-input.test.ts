import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, truncate, unlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ProblemCode } from '../../preload/problem-codes.ts';
import type { UploadView } from '../../preload/contract.ts';
import { startSandbox } from '../../main/sandbox/sandbox.ts';
import { sandboxDraft, startEngine, type Engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';

const run = promisify(execFile);
let engine: Engine;
let folder: string;

beforeEach(async () => {
  engine = await startEngine();
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-bad-'));
});

afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, content: string | Buffer = 'content'): Promise<string> {
  const full = path.join(folder, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

function expectFailed(upload: UploadView | undefined, code: ProblemCode): void {
  expect(upload).toMatchObject({ phase: 'failed', problem: { code } });
}

/** Every bad input stands beside a good one, which must arrive all the same. */
async function withGoodNeighbour(bad: readonly string[], count: number): Promise<readonly UploadView[]> {
  const good = await file('good-neighbour.txt', 'good');
  await engine.drop([...bad, good], { service: 'ms' });
  const uploads = await engine.finished(count + 1);
  expect(uploads.find((upload) => upload.name === 'good-neighbour.txt')?.phase).toBe('done');
  return uploads.filter((upload) => upload.name !== 'good-neighbour.txt');
}

test('a missing file fails in its own row', async () => {
  const [upload] = await withGoodNeighbour([path.join(folder, 'nothing-here.bin')], 1);
  expectFailed(upload, 'source-missing');
  expect(upload!.problem!.params).toMatchObject({ name: 'nothing-here.bin' });
});

test('an empty folder is said to be empty', async () => {
  await mkdir(path.join(folder, 'empty'));
  await withGoodNeighbour([path.join(folder, 'empty')], 0);
  const source = engine.ferry.uploads().sources.find(({ name }) => name === 'empty');
  expect(source).toMatchObject({ phase: 'failed', problem: { code: 'source-empty-folder', params: { name: 'empty' } } });
});

test('a folder of nothing but links outside names them, and says there is nothing to send', async () => {
  await mkdir(path.join(folder, 'links'));
  await symlink('/etc/hostname', path.join(folder, 'links/out'));
  await withGoodNeighbour([path.join(folder, 'links')], 0);
  const source = engine.ferry.uploads().sources.find(({ name }) => name === 'links');
  expect(source).toMatchObject({ phase: 'failed', problem: { code: 'source-nothing-to-send' }, leftOut: [{ path: 'out', reason: 'symlink-outside' }] });
  await engine.drop([path.join(folder, 'links')], { service: 'car' });
  const upload = (await engine.finished(2)).find(({ name }) => name === 'links.zip');
  expectFailed(upload, 'source-nothing-to-send');
  const packed = engine.ferry.uploads().sources.find(({ id }) => id === upload!.sourceId);
  expect(packed?.leftOut).toEqual([{ path: 'out', reason: 'symlink-outside' }]);
});

test('an empty folder cannot become a package', async () => {
  await mkdir(path.join(folder, 'empty'));
  await engine.drop([path.join(folder, 'empty')], { service: 'car' });
  const [upload] = await engine.finished();
  expectFailed(upload, 'source-empty-folder');
});

test('a FIFO and a socket in a folder are left out and named, a dropped one fails', async () => {
  await file('build/a.txt');
  await run('mkfifo', [path.join(folder, 'build/pipe')]);
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(path.join(folder, 'build/socket'), resolve); });
  try {
    const uploads = await withGoodNeighbour([path.join(folder, 'build'), path.join(folder, 'build/pipe')], 2);
    expect(uploads.find((upload) => upload.name === 'build/a.txt')?.phase).toBe('done');
    expectFailed(uploads.find((upload) => upload.name === 'pipe'), 'source-not-a-file');
    const source = engine.ferry.uploads().sources.find(({ name }) => name === 'build');
    expect(source?.leftOut).toEqual([
      { path: 'pipe', reason: 'special-file' },
      { path: 'socket', reason: 'special-file' },
    ]);
  } finally {
    server.close();
  }
});

test('a symlink loop ends, is named, and the rest arrives', async () => {
  await file('build/a.txt');
  await symlink('b', path.join(folder, 'build/c'));
  await symlink('c', path.join(folder, 'build/b'));
  await symlink('.', path.join(folder, 'build/self'));
  const uploads = await withGoodNeighbour([path.join(folder, 'build')], 1);
  expect(uploads.map((upload) => [upload.name, upload.phase])).toEqual([['build/a.txt', 'done']]);
  const source = engine.ferry.uploads().sources.find(({ name }) => name === 'build');
  expect(source?.leftOut).toEqual([
    { path: 'b', reason: 'symlink-loop' },
    { path: 'c', reason: 'symlink-loop' },
    { path: 'self', reason: 'symlink-folder' },
  ]);
});

test('names with spaces, emoji, CJK and 255 bytes arrive', async () => {
  const names = ['with space.txt', '🚢⛴️.bin', '中文名字.txt', `${'x'.repeat(251)}.txt`, `${'长'.repeat(83)}.zip`, 'per%cent+plus&and?.txt'];
  for (const name of names) await file(`names/${name}`, name);
  await engine.drop([path.join(folder, 'names')], { service: 'ms' });
  const uploads = await engine.finished(names.length);
  expect(uploads.map((upload) => upload.problem)).toEqual(names.map(() => null));
  const keys = (await engine.sandbox.listObjects()).map(({ key }) => path.posix.basename(key));
  expect(keys.sort()).toEqual([...names].sort());
});

test.runIf(process.platform === 'linux')('names that mean another place elsewhere, or hide, are refused by name and stop no other', async () => {
  const bad = ['..\\..\\evil.dll', 'C:\\evil.dll', 'line\nbreak.txt', 'esc\u001b[2J.txt', 'del\u007f.txt', 'c1\u0085.txt'];
  for (const name of bad) await file(`odd/${name}`);
  await file('odd/fine.txt');
  const uploads = await withGoodNeighbour([path.join(folder, 'odd')], bad.length + 1);
  for (const name of bad) expectFailed(uploads.find((upload) => upload.name === `odd/${name}`), 'name-unsafe');
  expect(uploads.find((upload) => upload.name === 'odd/fine.txt')?.phase).toBe('done');
  expect((await engine.sandbox.listObjects()).every(({ key }) => !/[\\\p{Cc}]/u.test(key))).toBe(true);
  for (const name of bad) {
    await engine.drop([path.join(folder, 'odd', name), path.join(folder, 'odd/fine.txt')], { service: 'car', applicationId: 'app-sandbox' });
  }
  const packages = (await engine.finished(bad.length * 2 + 2)).slice(-bad.length);
  for (const upload of packages) expectFailed(upload, 'name-unsafe');
});

test('a name that turns the reading direction arrives as it is, for ms and in a package', async () => {
  const name = 'photo\u202egpj.exe';
  await file(`build/${name}`);
  await engine.drop([path.join(folder, 'build')], { service: 'ms' });
  await engine.drop([path.join(folder, 'build')], { service: 'car', applicationId: 'app-sandbox' });
  const uploads = await engine.finished(2);
  expect(uploads.map(({ phase }) => phase)).toEqual(['done', 'done']);
  expect((await engine.sandbox.listObjects()).some(({ key }) => key.endsWith(`/build/${name}`))).toBe(true);
});

test('a macOS folder’s own icon is left out and listed', async () => {
  await file('build/Icon\r', '');
  await file('build/a.txt');
  await engine.drop([path.join(folder, 'build')], { service: 'car', applicationId: 'app-sandbox' });
  expect((await engine.finished())[0]?.phase).toBe('done');
  expect(engine.ferry.uploads().sources[0]?.leftOut).toEqual([{ path: 'Icon\r', reason: 'special-file' }]);
});

test('a key above 850 bytes fails with the numbers, and the others arrive', async () => {
  const deep = Array.from({ length: 8 }, (_, level) => `${level}`.padEnd(120, 'd')).join('/');
  await file(`build/${deep}/too-deep.txt`);
  await file('build/fine.txt');
  const uploads = await withGoodNeighbour([path.join(folder, 'build')], 2);
  const tooLong = uploads.find((upload) => upload.name.endsWith('too-deep.txt'));
  expectFailed(tooLong, 'name-too-long');
  expect(tooLong!.problem!.params).toMatchObject({ limit: 850 });
  expect(uploads.find((upload) => upload.name === 'build/fine.txt')?.phase).toBe('done');
});

test('two dropped files of one name: the second is refused, never silently overwritten', async () => {
  const paths = [await file('a/same.txt', 'first'), await file('b/same.txt', 'second')];
  await engine.drop(paths, { service: 'ms' });
  const uploads = await engine.finished(2);
  expect(uploads.map((upload) => [upload.phase, upload.problem?.code ?? null])).toEqual([['done', null], ['failed', 'duplicate-object']]);
});

test('a file that vanishes midway fails, stops no other, and leaves nothing behind once it is taken off the list', async () => {
  const large = await file('large.bin', Buffer.alloc(300 * 1024 * 1024, 1));
  const good = await file('good.txt');
  await engine.drop([large, good], { service: 'ms' });
  await engine.until((list) => list.uploads.some((upload) => upload.name === 'large.bin' && upload.fraction > 0.02));
  await unlink(large);
  const uploads = await engine.finished(2);
  expectFailed(uploads.find((upload) => upload.name === 'large.bin'), 'source-vanished');
  expect(uploads.find((upload) => upload.name === 'good.txt')?.phase).toBe('done');
  // A retry would go on with what was sent.
  expect(await engine.sandbox.listMultipartUploads()).toHaveLength(1);
  await engine.ferry.clearFinished();
  await eventually(async () => (await engine.sandbox.listMultipartUploads()).length === 0);
});

test('a file that shrinks midway fails and makes no object', async () => {
  const large = await file('large.bin', Buffer.alloc(300 * 1024 * 1024, 1));
  await engine.drop([large], { service: 'ms' });
  await engine.until((list) => list.uploads.some((upload) => upload.fraction > 0.02));
  await truncate(large, 1000);
  const [upload] = await engine.finished();
  expectFailed(upload, 'source-changed');
  expect(await engine.sandbox.listObjects()).toEqual([]);
});

test('an unknown ApplicationId says so, and a retry uses the mended one', async () => {
  await engine.drop([await file('game.zip')], { service: 'car', applicationId: 'app-unknown' });
  const [upload] = await engine.finished();
  expectFailed(upload, 'application-unknown');
  expect(upload!.problem).toMatchObject({ params: { applicationId: 'app-unknown' }, serviceCode: 'FailedOperation.ApplicationNotFind' });
  expect(upload!.problem!.requestId).toMatch(/\S/);
  await engine.ferry.setDestination({ ...engine.ferry.appState().destination, applicationId: 'app-sandbox' });
  await engine.ferry.retryUploads([upload!.id]);
  const [again] = await engine.finished();
  expect(again!.phase).toBe('done');
});

test('a drop without an ApplicationId is kept until there is one', async () => {
  const game = await file('game.zip');
  await engine.drop([game], { service: 'car', applicationId: '' });
  const { pendingDrop } = engine.ferry.appState();
  expect(pendingDrop).toMatchObject({ names: ['game.zip'], needs: 'application-id', problem: null });
  await expect(engine.ferry.answerPendingDrop(pendingDrop!.id, 'app-unknown')).rejects.toMatchObject({ problem: { code: 'application-unknown' } });
  expect(engine.ferry.appState().pendingDrop).toMatchObject({ names: ['game.zip'], problem: { code: 'application-unknown' } });
  await engine.ferry.answerPendingDrop(pendingDrop!.id, 'app-sandbox');
  expect(engine.ferry.appState()).toMatchObject({ pendingDrop: null, destination: { applicationId: 'app-sandbox' } });
  const [upload] = await engine.finished();
  expect(upload!.phase).toBe('done');
});

test('no network: uploads wait, which is said, and go on once it is back', async () => {
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  const { url, accounts } = engine.sandbox;
  await engine.sandbox.close();
  await engine.drop([await file('a.txt')], { service: 'ms' });
  await eventually(() => engine.ferry.appState().offline);
  expect(engine.ferry.uploads().uploads).toMatchObject([{ problem: null }]);
  const back = await startSandbox({ directory: path.join(folder, 'back'), port: Number(new URL(url).port), accounts });
  try {
    const [upload] = await engine.finished();
    expect(upload!.phase).toBe('done');
    expect(engine.ferry.appState().offline).toBe(false);
  } finally {
    await back.close();
  }
});

test('no network for COS alone: the upload waits, which is said', async () => {
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox, { cosDomain: 'http://127.0.0.1:9' }));
  await engine.drop([await file('a.txt')], { service: 'ms' });
  await eventually(() => engine.ferry.appState().offline);
  expect(engine.ferry.uploads().uploads).toMatchObject([{ problem: null }]);
});
