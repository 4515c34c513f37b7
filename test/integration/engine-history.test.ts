import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HistoryEntry } from '../../preload/contract.ts';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
let folder: string;

beforeEach(async () => {
  engine = await startEngine();
  folder = path.join(engine.directory, 'to send');
  await mkdir(folder);
});

afterEach(() => engine.close());

const history = (search = ''): Promise<readonly HistoryEntry[]> => engine.ferry.findInHistory({ search, outcome: null });

test('what arrived stays in the history, with all that COS said, when it leaves the list', async () => {
  const file = path.join(folder, 'build.apk');
  await writeFile(file, 'bytes');
  await engine.drop([file], { service: 'ms' });
  const [upload] = await engine.finished();
  await engine.ferry.clearFinished();
  const [entry] = await history('build.apk');
  const { bucket, region, key, size, crc64, etag, requestId } = upload!.object!;
  expect(entry).toMatchObject({ outcome: 'done', name: 'build.apk', paths: [file], service: 'ms', applicationId: '', bucket, region, key, size, crc64, etag, requestId, sentBytes: 5, problem: null });
});

test('what failed and what was cancelled is there too, with its reason, and each retry once', async () => {
  const missing = path.join(folder, 'missing.bin');
  await engine.drop([missing], { service: 'ms' });
  const [failed] = await engine.finished();
  await engine.ferry.retryUploads([failed!.id]);
  await engine.until(() => engine.deltas.some(({ uploads }) => uploads.some(({ id, phase, timeline }) => id === failed!.id && phase === 'failed' && timeline.length > 0)));
  await expect.poll(async () => (await history()).length).toBe(2);
  expect(await history()).toMatchObject([{ outcome: 'failed', problem: { code: 'source-missing', params: { name: 'missing.bin' } } }, { outcome: 'failed' }]);

  await engine.ferry.setLimits({ ...engine.ferry.appState().limits, bytesPerSecond: 200_000 });
  const large = path.join(folder, 'large.bin');
  await writeFile(large, Buffer.alloc(1_000_000, 1));
  await engine.drop([large], { service: 'ms' });
  const { uploads } = await engine.until((list) => list.uploads.some(({ name, phase, bytesSent }) => name === 'large.bin' && phase === 'uploading' && bytesSent > 0));
  await engine.ferry.cancelUploads([uploads.find(({ name }) => name === 'large.bin')!.id]);
  await engine.finished(2);
  expect((await history())[0]).toMatchObject({ outcome: 'cancelled', name: 'large.bin', crc64: '' });
});

test('what was cancelled before anything of it was sent leaves nothing, and a folder is one row', async () => {
  const build = path.join(folder, 'Game');
  await mkdir(build);
  for (let n = 0; n < 30; n++) await writeFile(path.join(build, `${n}.bin`), Buffer.alloc(2_000_000, n));
  await engine.ferry.setLimits({ ...engine.ferry.appState().limits, parallelUploads: 1, bytesPerSecond: 1_000_000 });
  await engine.drop([build], { service: 'ms' });
  const { uploads } = await engine.until((list) => list.uploads.length === 30 && list.uploads.some(({ phase }) => phase === 'done'));
  await engine.ferry.cancelUploads(uploads.map(({ id }) => id));
  await engine.finished(30);
  const { rows, found } = await engine.ferry.history({ search: '', outcome: null, offset: 0, limit: 100 });
  expect(found).toBe(1);
  expect(rows[0]!.folder).toMatchObject({ name: 'Game', path: build, failed: 0 });
  const { done, cancelled } = rows[0]!.folder!;
  expect(done).toBeGreaterThanOrEqual(1);
  expect(done + cancelled).toBeLessThan(10);
});

test('a row can be uploaded again to where it went, and its source and URL are known', async () => {
  const build = path.join(folder, 'Game');
  await mkdir(build);
  for (const name of ['a', 'b']) await writeFile(path.join(build, name), name);
  await engine.drop([build], { service: 'ms', cosRegion: 'ap-shanghai' });
  await engine.finished(2);
  const rows = async () => (await engine.ferry.history({ search: '', outcome: null, offset: 0, limit: 10 })).rows;
  const [row] = await rows();
  expect(await engine.ferry.historySourcePath(row!.id)).toBe(build);
  expect(await engine.ferry.historyUrl(row!.entry.id)).toContain(row!.entry.key);
  await engine.ferry.setDestination({ service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null });
  await engine.ferry.uploadAgain(row!.id);
  await engine.finished(4);
  await expect.poll(async () => (await rows()).length).toBe(2);
  expect((await rows())[0]).toMatchObject({ folder: { path: build, done: 2 }, entry: { service: 'ms', region: row!.entry.region } });
  await rm(build, { recursive: true });
  await expect(engine.ferry.historySourcePath(row!.id)).rejects.toMatchObject({ problem: { code: 'source-missing' } });
});

test('it is on disk when the app has closed, and no restored failure comes twice', async () => {
  await engine.drop([path.join(folder, 'missing.bin')], { service: 'ms' });
  await engine.finished();
  await engine.ferry.close();
  const again = await startEngine({ directory: engine.directory });
  try {
    await again.ferry.restore();
    expect(again.ferry.uploads().uploads.map(({ phase }) => phase)).toEqual(['failed']);
    expect(await again.ferry.findInHistory({ search: '', outcome: null })).toHaveLength(1);
    expect((await readFile(path.join(engine.directory, 'history.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(1);
  } finally {
    await again.close();
  }
});
