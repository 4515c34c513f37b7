import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Destination, UploadView } from '../../preload/contract.ts';
import { apiRefusal, status, type Fault } from '../support/faults.ts';
import { mebibyte, startFaultyEngine, type FaultyEngine, type FaultyEngineOptions } from '../support/faulty-engine.ts';

let ferry: FaultyEngine;
let folder: string;
const parts = 12;
const bytes = randomBytes(parts * mebibyte);
const atOnce = { parallelUploads: 1, partsInFlight: 6 };

beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'ferry-credentials-source-')); });

afterEach(async () => {
  await ferry.close();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: FaultyEngineOptions = {}): Promise<void> {
  ferry = await startFaultyEngine({ limits: { ...atOnce, bytesPerSecond: null }, ...options });
}

async function drop(destination: Partial<Destination> = {}): Promise<void> {
  const file = path.join(folder, 'build.zip');
  await writeFile(file, bytes);
  await ferry.drop([file], destination);
}

async function arrives(): Promise<UploadView> {
  const [upload] = await ferry.finished();
  expect(upload?.problem).toBeNull();
  expect((await ferry.stored(upload)).equals(bytes)).toBe(true);
  return upload!;
}

const actions = { ms: 'CreateCosSecKeyInstance', car: 'DescribeCosCredential' } as const;
const services = ['ms', 'car'] as const;
const fetches = (): number => ferry.count(actions.ms) + ferry.count(actions.car);

/** As the ninth part arrives: three at least are there by then, and it meets a dead key itself. */
function revokeAtNinthPart(): void {
  ferry.faults.next('UploadPart', () => false, 8);
  ferry.faults.next('UploadPart', () => {
    ferry.sandbox.revokeCredentials();
    return false;
  });
}

describe.each(services)('a key of %s that dies while six parts are in flight', (service) => {
  test('is replaced by one fetch, and where the scope stays the same UploadId goes on', async () => {
    await start({ sandbox: { rotateScopes: false }, limits: { ...atOnce, bytesPerSecond: 12 * mebibyte } });
    revokeAtNinthPart();
    await drop({ service });
    expect((await arrives()).notice).toBeNull();
    expect(ferry.count('UploadPart', 403)).toBeGreaterThan(0);
    expect(fetches()).toBe(2);
    expect(ferry.count('InitiateMultipartUpload')).toBe(1);
    expect(ferry.count('UploadPart', 200)).toBe(parts);
  });

  test('where the scope does not stay the upload starts over under the new key, and says so', async () => {
    await start({ limits: { ...atOnce, bytesPerSecond: 12 * mebibyte } });
    revokeAtNinthPart();
    await drop({ service });
    expect((await arrives()).notice).toMatchObject({ code: 'started-over-scope' });
    expect(fetches()).toBe(2);
    expect(ferry.count('InitiateMultipartUpload')).toBe(2);
  });
});

test.each([
  [400, 'ExpiredToken', 'The provided token has expired.'],
  [403, 'InvalidAccessKeyId', 'The access key Id you provided does not exist in our records.'],
  [403, 'AccessDenied', 'Request has expired'],
])('%i %s means a dead key: six parts that hear it fetch one new key between them', async (code, errorCode, message) => {
  await start({ sandbox: { rotateScopes: false } });
  let dead: unknown;
  ferry.faults.next('UploadPart', (request) => {
    const token = request.req.headers['x-cos-security-token'];
    dead ??= token;
    return token === dead && status(code, errorCode, message)(request);
  }, 99);
  await drop();
  expect((await arrives()).notice).toBeNull();
  expect(fetches()).toBe(2);
  expect(ferry.count('InitiateMultipartUpload')).toBe(1);
  expect(ferry.count('UploadPart', 200)).toBe(parts);
});

test('a service whose every key is dead at once is not asked for ever', async () => {
  await start({ sandbox: { rotateScopes: false } });
  ferry.faults.next('InitiateMultipartUpload', status(400, 'ExpiredToken'), 99);
  await drop();
  expect((await ferry.finished())[0]).toMatchObject({ phase: 'failed', problem: { code: 'credential-expired' } });
  expect(fetches()).toBe(4);
});

describe('before a key ends', () => {
  test('the next one is there: COS never sees a dead one', async () => {
    await start({ sandbox: { rotateScopes: false, credentialLifeSeconds: 5 }, limits: { ...atOnce, bytesPerSecond: 1.5 * mebibyte } });
    await drop();
    const { id, notice } = await arrives();
    expect(notice).toBeNull();
    const [first] = ferry.engine.list.upload(id)!.history.filter(({ what }) => what === 'credential');
    const [, second] = ferry.sandbox.requests().filter(({ operation }) => operation === actions.ms);
    expect(second!.atMs).toBeLessThan(Number(first!['expiresAtMs']));
    expect(ferry.sandbox.requests().filter(({ code }) => code !== null)).toEqual([]);
    expect(ferry.count('InitiateMultipartUpload')).toBe(1);
    expect(ferry.count('UploadPart')).toBe(parts);
  });

  test.each(services)('of %s that nothing can go on after, its upload is aborted with it', async (service) => {
    // Half a second of such a life is kept for that.
    await start({ sandbox: { credentialLifeSeconds: 10 }, limits: { ...atOnce, bytesPerSecond: 0.8 * mebibyte }, patience: { measureMs: 600_000 } });
    await drop({ service });
    await ferry.until(() => ferry.count('InitiateMultipartUpload') === 2);
    ferry.sandbox.rules.credentialLifeSeconds = 3600;
    ferry.engine.setLimits({ ...atOnce, bytesPerSecond: null });
    expect((await arrives()).notice).toMatchObject({ code: 'started-over-scope' });
    // Aborted beside the upload, which does not wait for it.
    await ferry.engine.settled();
    expect(ferry.count('AbortMultipartUpload', 204)).toBe(1);
    expect(await ferry.sandbox.listMultipartUploads()).toEqual([]);
  });
});

describe('an upload too slow for its key', () => {
  const slow: FaultyEngineOptions = { sandbox: { credentialLifeSeconds: 120 }, limits: { ...atOnce, bytesPerSecond: 60_000 }, patience: { measureMs: 2_000 } };

  test('says so as soon as it is known, with the numbers, where there is no key that lives longer', async () => {
    await start(slow);
    await drop({ service: 'car' });
    await ferry.until(({ uploads }) => uploads[0]?.notice !== null && uploads[0]?.notice !== undefined);
    const { notice } = ferry.uploads()[0]!;
    // 12 MiB at 60 kB/s take three and a half minutes; the first moments are a rough measure.
    expect(notice).toMatchObject({ code: 'key-too-short', params: { minutesLeft: 1 } });
    expect(notice!.params['minutesNeeded']).toBeGreaterThanOrEqual(3);
    ferry.engine.setLimits({ ...atOnce, bytesPerSecond: null });
    await arrives();
  });

  test('says nothing where the next key goes on with it', async () => {
    await start({ ...slow, sandbox: { ...slow.sandbox, rotateScopes: false } });
    await drop({ service: 'car' });
    await ferry.until(() => fetches() === 2);
    ferry.engine.setLimits({ ...atOnce, bytesPerSecond: null });
    expect((await arrives()).notice).toBeNull();
    expect(ferry.count('InitiateMultipartUpload')).toBe(1);
  });

  test('of ms asks for one that lives longer, and starts over under it before time is lost', async () => {
    await start(slow);
    await drop();
    await ferry.until(({ uploads }) => uploads[0]?.notice?.code === 'started-over-scope');
    await ferry.until(() => ferry.count('InitiateMultipartUpload') === 2);
    ferry.engine.setLimits({ ...atOnce, bytesPerSecond: null });
    await arrives();
    await ferry.engine.settled();
    expect(ferry.count('AbortMultipartUpload', 204)).toBe(1);
    const [upload] = [...ferry.engine.list.all()];
    const lives = upload!.history.filter(({ what }) => what === 'credential').map(({ expiresAtMs, atMs }) => Math.round((Number(expiresAtMs) - atMs) / 60_000));
    expect(lives).toEqual([2, 60]);
  });

  test('of ms says so where the service grants no longer one', async () => {
    await start(slow);
    const granted: Fault = () => false;
    const refused = apiRefusal('InvalidParameterValue');
    // The first one and the one to compare it with; then two askings for longer, each refused and followed by one without.
    for (const [fault, times] of [[granted, 2], [refused, 1], [granted, 1], [refused, 1]] as const) ferry.faults.next(actions.ms, fault, times);
    await drop();
    await ferry.until(({ uploads }) => uploads[0]?.notice?.code === 'key-too-short');
    expect(ferry.count('InitiateMultipartUpload')).toBe(1);
    ferry.engine.setLimits({ ...atOnce, bytesPerSecond: null });
    await arrives();
  });

  test('fails with the numbers once it has tried three keys in vain', async () => {
    await start({ sandbox: { credentialLifeSeconds: 2 }, limits: { ...atOnce, bytesPerSecond: 1_500_000 } });
    await drop({ service: 'car' });
    expect((await ferry.finished())[0]).toMatchObject({ phase: 'failed', problem: { code: 'key-too-short', params: { minutesLeft: 0 } } });
    expect(ferry.count('InitiateMultipartUpload')).toBe(3);
    await ferry.engine.settled();
    // Of such a key a tenth of a second is kept for the abort: parts stay only where it came too late and the row says so.
    const [upload] = ferry.uploads();
    if (upload!.leftBehind === null) expect(await ferry.sandbox.listMultipartUploads()).toEqual([]);
    else expect(upload!.leftBehind).toMatchObject({ code: 'parts-left' });
  });
});
