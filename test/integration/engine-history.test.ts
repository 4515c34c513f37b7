import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
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

const history = (search = ''): Promise<readonly HistoryEntry[]> => engine.ferry.findInHistory(search);

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

  await engine.ferry.setLimits({ ...engine.ferry.appState().limits, bytesPerSecond: 1 });
  const large = path.join(folder, 'large.bin');
  await writeFile(large, Buffer.alloc(1_000_000, 1));
  await engine.drop([large], { service: 'ms' });
  const { uploads } = await engine.until((list) => list.uploads.some(({ name, phase }) => name === 'large.bin' && phase === 'uploading'));
  await engine.ferry.cancelUploads([uploads.find(({ name }) => name === 'large.bin')!.id]);
  await engine.finished(2);
  expect((await history())[0]).toMatchObject({ outcome: 'cancelled', name: 'large.bin', crc64: '' });
});

test('the same file or folder is known again while nothing in it has changed', async () => {
  const build = path.join(folder, 'Game');
  await mkdir(build);
  for (const name of ['a', 'b']) await writeFile(path.join(build, name), name);
  await utimes(path.join(build, 'b'), 1_700_000_000, 1_700_000_000);
  await engine.drop([build], { service: 'car', applicationId: 'app-sandbox' });
  await engine.finished();
  const asked = { paths: [build], size: 2, mtimeMs: (await stat(path.join(build, 'a'))).mtimeMs };
  expect(await engine.ferry.uploadedBefore(asked)).toMatchObject({ name: 'Game.zip', applicationId: 'app-sandbox' });
  expect(await engine.ferry.uploadedBefore({ ...asked, mtimeMs: asked.mtimeMs + 1 })).toBe(null);
});

test('it is on disk when the app has closed, and no restored failure comes twice', async () => {
  await engine.drop([path.join(folder, 'missing.bin')], { service: 'ms' });
  await engine.finished();
  await engine.ferry.close();
  const again = await startEngine({ directory: engine.directory });
  try {
    await again.ferry.restore();
    expect(again.ferry.uploads().uploads.map(({ phase }) => phase)).toEqual(['failed']);
    expect(await again.ferry.findInHistory('')).toHaveLength(1);
    expect((await readFile(path.join(engine.directory, 'history.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(1);
  } finally {
    await again.close();
  }
});
