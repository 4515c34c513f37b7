import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { apiRefusal, slowDown, status, type Fault } from '../support/faults.ts';
import { mebibyte, startFaultyEngine, type FaultyEngine, type FaultyEngineOptions } from '../support/faulty-engine.ts';

let ferry: FaultyEngine;
let folder: string;
const large = randomBytes(3 * mebibyte + 17);

beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'ferry-outage-source-')); });

afterEach(async () => {
  await ferry.close();
  await rm(folder, { recursive: true, force: true });
});

async function dropWith(patience: FaultyEngineOptions['patience'], bytes = large): Promise<void> {
  ferry = await startFaultyEngine({ patience: { ...patience, maxDelayMs: 20 } });
  const file = path.join(folder, 'build.bin');
  await writeFile(file, bytes);
  for (const [operation, fault, times] of faults) ferry.faults.next(operation, fault, times);
  await ferry.drop([file]);
}

let faults: readonly (readonly [string, Fault, number])[];
const badGateway = status(502, '');
const moreThanEightEach = 60;

test.each([
  ['a part', 'UploadPart', slowDown, large, 'store-busy'],
  ['the beginning', 'InitiateMultipartUpload', status(503, 'ServiceUnavailable'), large, 'store-busy'],
  ['Complete', 'CompleteMultipartUpload', badGateway, large, 'store-busy'],
  ['a small file', 'PutObject', slowDown, Buffer.from('small'), 'store-busy'],
])('%s outlasts an outage that answers, and its row says what it waits for until then', async (_what, operation, fault, bytes, code) => {
  faults = [[operation, fault, moreThanEightEach]];
  await dropWith({ outageToldMs: 0 }, bytes);
  await ferry.until(({ uploads }) => uploads[0]?.notice?.code === code);
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'done', notice: null });
  expect((await ferry.stored(upload)).equals(bytes)).toBe(true);
  expect(ferry.count(operation)).toBeGreaterThan(moreThanEightEach);
});

test.each(['InternalError', 'RequestLimitExceeded'])('a credential that is refused with %s for long is waited for, and the row says so until then', async (code) => {
  faults = [['CreateCosSecKeyInstance', apiRefusal(code), 15]];
  await dropWith({ outageToldMs: 0 });
  await ferry.until(({ uploads }) => uploads[0]?.notice?.code === 'service-busy');
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'done', notice: null });
});

test('who waits for a credential before a dialog is told of an outage at once, also while an upload waits it out', async () => {
  faults = [['CreateCosSecKeyInstance', apiRefusal('InternalError'), Infinity]];
  await dropWith({ outageToldMs: 0 });
  await ferry.until(({ uploads }) => uploads[0]?.notice?.code === 'service-busy');
  const asked = ferry.engine.credentials.refresh(ferry.account, { service: 'ms', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null });
  await expect(asked).rejects.toMatchObject({ problem: { code: 'service-internal' } });
  ferry.faults.clear();
  const [upload] = await ferry.finished();
  expect(upload!.phase).toBe('done');
});

test('an outage that lasts longer than the patience for it fails the upload, which is told why', async () => {
  faults = [['UploadPart', slowDown, Infinity]];
  await dropWith({ outageMs: 300 });
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'failed', problem: { code: 'store-failed', serviceCode: 'SlowDown' } });
});

test('what is refused eight times for other reasons fails the upload', async () => {
  faults = [['InitiateMultipartUpload', status(400, 'BadDigest'), Infinity]];
  await dropWith({});
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'failed', problem: { code: 'store-failed', serviceCode: 'BadDigest' } });
  expect(ferry.count('InitiateMultipartUpload')).toBe(8);
});
