import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ObjectView, UploadView } from '../../preload/contract.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';

const run = promisify(execFile);
let engine: Engine;
let folder: string;

beforeEach(async () => {
  engine = await startEngine();
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-source-'));
});

afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, content: string | Buffer): Promise<string> {
  const full = path.join(folder, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

function storedFile(object: ObjectView): Promise<Buffer> {
  return readFile(engine.sandbox.objectPath(object.bucket, object.key));
}

function done(upload: UploadView | undefined): ObjectView {
  expect(upload?.problem).toBeNull();
  expect(upload?.phase).toBe('done');
  return upload!.object!;
}

describe('Mobile Security', () => {
  test('a file goes under the prefix with its own name, byte for byte', async () => {
    const bytes = randomBytes(300_000);
    await engine.drop([await file('app-release.apk', bytes)], { service: 'ms' });
    const [upload] = await engine.finished();
    const object = done(upload);
    const credential = engine.ferry.appState().credential;
    expect(credential.kind).toBe('ready');
    const prefix = credential.kind === 'ready' ? credential.credential.scope.value : '';
    expect(object.key).toBe(`${prefix}/app-release.apk`);
    expect(object.bucket).toBe('ms-sandbox-1250000000');
    expect(object.size).toBe(bytes.length);
    expect((await storedFile(object)).equals(bytes)).toBe(true);
  });

  test('a file of several parts arrives whole, and its CRC64 is the one COS computed', async () => {
    const bytes = randomBytes(21 * 1024 * 1024 + 17);
    await engine.drop([await file('large.apk', bytes)], { service: 'ms' });
    const [upload] = await engine.finished();
    const object = done(upload);
    expect(object.etag).toMatch(/-19$/);
    expect((await storedFile(object)).equals(bytes)).toBe(true);
    expect(await engine.sandbox.listMultipartUploads()).toEqual([]);
  });

  test('a folder becomes one object a file, with its relative paths', async () => {
    await file('build/a.txt', 'a');
    await file('build/deep/er/b.txt', 'b');
    await file('build/名字 with space 🚢.bin', randomBytes(1000));
    await engine.drop([path.join(folder, 'build')], { service: 'ms' });
    const uploads = await engine.finished(3);
    expect(uploads.map((upload) => upload.name).sort()).toEqual(['build/a.txt', 'build/deep/er/b.txt', 'build/名字 with space 🚢.bin']);
    for (const upload of uploads) {
      const object = done(upload);
      expect(object.key.endsWith(`/${upload.name}`)).toBe(true);
      expect((await storedFile(object)).equals(await readFile(path.join(folder, upload.name)))).toBe(true);
    }
    expect(engine.ferry.uploads().sources).toHaveLength(1);
  });

  test('a mixture of files and folders all arrives', async () => {
    await file('one/x.txt', '1');
    const loose = await file('loose.txt', 'loose');
    await engine.drop([loose, path.join(folder, 'one')], { service: 'ms' });
    const uploads = await engine.finished(2);
    expect(uploads.map((upload) => [upload.name, upload.phase])).toEqual([['loose.txt', 'done'], ['one/x.txt', 'done']]);
  });

  test('an empty file is an object of no bytes', async () => {
    await engine.drop([await file('empty.txt', '')], { service: 'ms' });
    const [upload] = await engine.finished();
    expect(done(upload).size).toBe(0);
    expect(done(upload).crc64).toBe('0');
  });

  test('region and duration are asked of the service', async () => {
    await engine.drop([await file('a.apk', 'a')], { service: 'ms', cosRegion: 'ap-shanghai', durationSeconds: 1200 });
    const [upload] = await engine.finished();
    expect(done(upload).region).toBe('ap-shanghai');
    const { credential } = engine.ferry.appState();
    const life = credential.kind === 'ready' ? credential.credential.expiresAtMs - credential.credential.startsAtMs : 0;
    expect(life).toBe(1_200_000);
  });

  test('a duration the service refuses falls back to its default', async () => {
    await engine.drop([await file('a.apk', 'a')], { service: 'ms', durationSeconds: 100_000 });
    const [upload] = await engine.finished();
    done(upload);
    const { credential } = engine.ferry.appState();
    const life = credential.kind === 'ready' ? credential.credential.expiresAtMs - credential.credential.startsAtMs : 0;
    expect(life).toBe(3_600_000);
  });

  test('many small files share one credential', async () => {
    for (let index = 0; index < 60; index++) await file(`many/${index}.txt`, String(index));
    await engine.drop([path.join(folder, 'many')], { service: 'ms' });
    const uploads = await engine.finished(60);
    expect(uploads.every((upload) => upload.phase === 'done')).toBe(true);
    const calls = engine.sandbox.requests().filter((request) => request.operation === 'CreateCosSecKeyInstance');
    expect(calls).toHaveLength(1);
  });
});

describe('Cloud Application Rendering', () => {
  test('a folder is packed into a zip named after it, at exactly Path', async () => {
    await file('Game/bin/game.exe', randomBytes(6_000_000));
    await file('Game/data/levels.txt', 'level\n'.repeat(10_000));
    await mkdir(path.join(folder, 'Game/empty'));
    await engine.drop([path.join(folder, 'Game')], { service: 'car' });
    const [upload] = await engine.finished();
    const object = done(upload);
    expect(upload!.name).toBe('Game.zip');
    expect(upload!.packed).toBe(true);
    expect(object.key).toMatch(/^1250000000\/app-sandbox\/ver-[^/]+\/app-sandbox\.zip$/);
    const zip = engine.sandbox.objectPath(object.bucket, object.key);
    await run('unzip', ['-tq', zip]);
    const unpacked = path.join(folder, 'unpacked');
    await run('unzip', ['-q', zip, '-d', unpacked]);
    await run('diff', ['-r', path.join(folder, 'Game'), unpacked]);
  });

  test.each(['build.zip', 'build.RAR', 'build.7z'])('an archive goes as it is: %s', async (name) => {
    const bytes = randomBytes(5000);
    await engine.drop([await file(name, bytes)], { service: 'car' });
    const [upload] = await engine.finished();
    const object = done(upload);
    expect(upload!.packed).toBe(false);
    expect(path.extname(object.key)).toBe(path.extname(name).toLowerCase());
    expect((await storedFile(object)).equals(bytes)).toBe(true);
  });

  test('several items become one zip', async () => {
    const paths = [await file('a.txt', 'a'), await file('sub/b.txt', 'b')];
    await engine.drop([paths[0]!, path.join(folder, 'sub')], { service: 'car' });
    const [upload] = await engine.finished();
    const object = done(upload);
    const { stdout } = await run('unzip', ['-Z1', engine.sandbox.objectPath(object.bucket, object.key)]);
    expect(stdout.split('\n').filter((line) => line !== '' && !line.endsWith('/')).sort()).toEqual(['a.txt', 'sub/b.txt']);
  });

  test('any other file is packed into a zip named after it', async () => {
    await engine.drop([await file('game.apk', 'apk')], { service: 'car' });
    const [upload] = await engine.finished();
    expect(upload!.name).toBe('game.zip');
    done(upload);
  });

  test('two uploads for one application go one after the other, each to a version of its own', async () => {
    const first = await file('one.zip', randomBytes(9_000_000));
    const second = await file('two.zip', randomBytes(1000));
    await engine.drop([first], { service: 'car' });
    await engine.drop([second]);
    const uploads = await engine.finished(2);
    const keys = uploads.map((upload) => done(upload).key);
    expect(new Set(keys).size).toBe(2);
    expect(uploads[1]!.startedAtMs!).toBeGreaterThanOrEqual(uploads[0]!.finishedAtMs!);
  });

  test('a re-fetched credential is the one the next upload uses', async () => {
    await engine.ferry.setDestination({ ...engine.ferry.appState().destination, service: 'car' });
    const refreshed = await engine.ferry.refreshCredential();
    await engine.drop([await file('one.zip', 'zip')]);
    const [upload] = await engine.finished();
    expect(done(upload).key).toBe(refreshed.scope.value);
  });
});

describe('Progress', () => {
  test('phases come in order and the fraction never falls', async () => {
    await file('Game/data.bin', randomBytes(24 * 1024 * 1024));
    // Slow enough to be seen on its way.
    await engine.ferry.setLimits({ ...engine.ferry.appState().limits, bytesPerSecond: 40_000_000 });
    await engine.drop([path.join(folder, 'Game')], { service: 'car' });
    await engine.finished();
    await engine.until(() => engine.deltas.at(-1)?.totals.unfinished === 0);
    const seen = engine.deltas.flatMap((delta) => delta.uploads);
    const order = ['waiting', 'preparing', 'uploading', 'verifying', 'done'];
    const ranks = seen.map((upload) => order.indexOf(upload.phase));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    const fractions = seen.map((upload) => upload.fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(seen.some((upload) => upload.fraction > 0 && upload.fraction < 1)).toBe(true);
  });

  test('clearing takes finished uploads and their sources off the list', async () => {
    await engine.drop([await file('a.zip', 'a')], { service: 'car' });
    await engine.finished();
    await engine.ferry.clearFinished();
    expect(engine.ferry.uploads()).toMatchObject({ uploads: [], sources: [] });
  });
});

describe('Cancel', () => {
  test('stops a multipart upload and leaves no parts behind', async () => {
    await engine.drop([await file('large.zip', Buffer.alloc(400 * 1024 * 1024, 7))], { service: 'car' });
    await engine.until((list) => list.uploads.some((upload) => upload.fraction > 0.02 && upload.phase === 'uploading'));
    await engine.ferry.cancelUploads(engine.ferry.uploads().uploads.map((upload) => upload.id));
    const [upload] = await engine.finished();
    expect(upload).toMatchObject({ phase: 'cancelled', problem: null });
    await eventually(async () => (await engine.sandbox.listMultipartUploads()).length === 0
      && engine.sandbox.requests().some(({ operation }) => operation === 'AbortMultipartUpload'));
    expect(await engine.sandbox.listObjects()).toEqual([]);
  });

  test('a cancelled upload can be retried', async () => {
    await engine.drop([await file('large.zip', Buffer.alloc(60 * 1024 * 1024, 7))], { service: 'car' });
    const list = await engine.until((all) => all.uploads.some((upload) => upload.phase !== 'waiting'));
    await engine.ferry.cancelUploads([list.uploads[0]!.id]);
    await engine.finished();
    await engine.ferry.retryUploads([list.uploads[0]!.id]);
    const [upload] = await engine.finished();
    done(upload);
  });
});

describe('Credentials that end', () => {
  test('a key revoked in the middle is replaced and the upload starts over', async () => {
    const bytes = randomBytes(64 * 1024 * 1024);
    await engine.drop([await file('large.apk', bytes)], { service: 'ms' });
    await engine.until((list) => list.uploads.some((upload) => upload.fraction > 0.1 && upload.phase === 'uploading'));
    engine.sandbox.revokeCredentials();
    const [upload] = await engine.finished();
    expect((await storedFile(done(upload))).equals(bytes)).toBe(true);
    expect(engine.sandbox.requests().filter((request) => request.operation === 'CreateCosSecKeyInstance')).toHaveLength(2);
  });
});

test('a symlink that points outside the folder is left out and named', async () => {
  const outside = await file('outside.txt', 'secret');
  await file('build/a.txt', 'a');
  await symlink(outside, path.join(folder, 'build/link.txt'));
  await engine.drop([path.join(folder, 'build')], { service: 'ms' });
  const uploads = await engine.finished();
  expect(uploads.map((upload) => upload.name)).toEqual(['build/a.txt']);
  expect(engine.ferry.uploads().sources[0]).toMatchObject({ leftOut: [{ path: 'link.txt', reason: 'symlink-outside' }], leftOutCount: 1 });
});
