import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEngine, type Engine } from '../support/engine.ts';
import { Gates } from '../support/slow-sandbox.ts';

let engine: Engine;
let folder: string;
let gates: Gates;

beforeEach(async () => {
  gates = new Gates();
  engine = await startEngine({ sandbox: { faults: gates.faults } });
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-source-'));
});

afterEach(async () => {
  gates.open('PutObject');
  gates.open('UploadPart');
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** Files above 1 MiB, which count for one each, unless they are to be small. */
async function dropMany(count: number, small = false): Promise<Map<string, string>> {
  await mkdir(path.join(folder, 'many'));
  for (let index = 0; index < count; index++) await writeFile(path.join(folder, `many/${index}.txt`), String(index).repeat(small ? 1 : 1_100_000));
  await engine.drop([path.join(folder, 'many')], { service: 'ms' });
  const { uploads } = await engine.until((list) => list.uploads.length === count);
  return new Map(uploads.map((upload) => [path.basename(upload.name, '.txt'), upload.id]));
}

const setLimits = (change: object): Promise<void> | void => engine.ferry.setLimits({ ...engine.ferry.appState().limits, ...change });
const running = (): number => engine.ferry.uploads().uploads.filter(({ phase }) => phase === 'uploading').length;

test('the order in the queue can be changed', async () => {
  await setLimits({ parallelUploads: 1 });
  gates.close('PutObject');
  const byName = await dropMany(6);
  await gates.reached('PutObject');
  const id = (name: string): string => byName.get(name)!;
  await engine.ferry.moveUploads([id('5'), id('4')], id('1'));
  await engine.ferry.moveUploads([id('2')], null);
  gates.open('PutObject');
  const done = await engine.finished(6);
  const order = [...done].sort((a, b) => a.startedAtMs! - b.startedAtMs! || a.finishedAtMs! - b.finishedAtMs!).map(({ name }) => path.basename(name, '.txt'));
  expect(order).toEqual(['0', '5', '4', '1', '3', '2']);
});

test('no more uploads run at once than the limit says, also once it has changed', async () => {
  await setLimits({ parallelUploads: 2 });
  gates.close('PutObject');
  await dropMany(10);
  await gates.reached('PutObject', 2);
  expect(running()).toBe(2);
  await setLimits({ parallelUploads: 5 });
  await gates.reached('PutObject', 5);
  expect(running()).toBe(5);
  gates.open('PutObject');
  await engine.finished(10);
});

test('eight small files count as one, except where they are to go one at a time', async () => {
  await setLimits({ parallelUploads: 2 });
  gates.close('PutObject');
  await dropMany(20, true);
  await gates.reached('PutObject', 16);
  expect(running()).toBe(16);
  gates.open('PutObject');
  await engine.finished(20);
});

test('no more parts are on their way than the limit says, also once it has changed', async () => {
  await setLimits({ partsInFlight: 2 });
  gates.close('UploadPart');
  const large = path.join(folder, 'large.apk');
  await writeFile(large, randomBytes(41_000_000));
  await engine.drop([large], { service: 'ms' });
  await gates.reached('UploadPart', 2);
  await setLimits({ partsInFlight: 6 });
  await gates.reached('UploadPart', 6);
  gates.open('UploadPart');
  const [upload] = await engine.finished();
  expect(upload!.phase).toBe('done');
});

test('a limit on the bandwidth holds, and goes at once', async () => {
  await setLimits({ bytesPerSecond: 200_000 });
  const large = path.join(folder, 'large.apk');
  await writeFile(large, randomBytes(12_000_000));
  await engine.drop([large], { service: 'ms' });
  await engine.until((list) => (list.uploads[0]?.bytesSent ?? 0) > 0);
  await new Promise((resolve) => { setTimeout(resolve, 700); });
  // A second's worth, and what every part had under way before the limit told it to wait.
  expect(engine.ferry.uploads().uploads[0]!.bytesSent).toBeLessThan(2_000_000);
  await setLimits({ bytesPerSecond: null });
  const [upload] = await engine.finished();
  expect(upload!.phase).toBe('done');
});
