import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UploadView } from '../../preload/contract.ts';
import { usualLimits } from '../../main/uploads/engine.ts';
import { cutReply, cutRequest, errorInside200, halfBody, hang, apiRefusal, internalError, lostReply, reset, slow, slowDown, status, type Fault } from '../support/faults.ts';
import { hangPatience } from '../support/memory-line.ts';
import { mebibyte, startFaultyEngine, type FaultyEngine, type FaultyEngineOptions } from '../support/faulty-engine.ts';

let ferry: FaultyEngine;
let folder: string;
const large = randomBytes(5 * mebibyte + 17);
const small = randomBytes(300_000);

async function start(options: FaultyEngineOptions = {}): Promise<void> {
  ferry = await startFaultyEngine(options);
}

beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'ferry-faults-source-')); });

afterEach(async () => {
  await ferry.close();
  await rm(folder, { recursive: true, force: true });
});

async function startToMeet(fault: Fault): Promise<void> {
  await start(fault === hang ? { patience: hangPatience } : {});
}

async function drop(bytes: Buffer): Promise<void> {
  const file = path.join(folder, 'build.bin');
  await writeFile(file, bytes);
  await ferry.drop([file]);
}

async function arrives(bytes: Buffer): Promise<UploadView> {
  const [upload] = await ferry.finished();
  expect(upload?.problem).toBeNull();
  expect(upload?.phase).toBe('done');
  expect((await ferry.stored(upload)).equals(bytes)).toBe(true);
  expect(await ferry.sandbox.listObjects()).toHaveLength(1);
  return upload!;
}

function retriesOf({ id }: UploadView): readonly unknown[] {
  return ferry.engine.list.upload(id)!.history.filter(({ what }) => what === 'retry').map(({ code }) => code);
}

const [requestCut, replyCut] = [cutRequest(10), cutReply(40)];
const closing: ReadonlySet<Fault> = new Set([reset, requestCut, replyCut, lostReply]);
const breakages: readonly (readonly [string, Fault])[] = [
  ['a reset', reset], ['a hang', hang], ['a request cut short', requestCut], ['a reply cut short', replyCut],
  ['a lost reply', lostReply], ['500 InternalError', internalError], ['503 SlowDown', slowDown],
];

test.each(breakages)('UploadPart goes through after %s, thrice in a row', async (_what, fault) => {
  await startToMeet(fault);
  ferry.faults.next('UploadPart', fault, 3);
  await drop(large);
  const retries = retriesOf(await arrives(large)).length;
  // Where a connection that was open before is closed, the part is sent again without a word.
  if (closing.has(fault)) expect(ferry.count('UploadPart')).toBe(6 + 3);
  else expect(retries).toBe(3);
});

describe.each(['InitiateMultipartUpload', 'CompleteMultipartUpload'])('%s', (operation) => {
  test.each(breakages)('goes through after %s, thrice in a row', async (_what, fault) => {
    await startToMeet(fault);
    ferry.faults.next(operation, fault, 3);
    await drop(large);
    expect(retriesOf(await arrives(large))).toHaveLength(3);
  });
});

describe.each([['a PUT', small], ['a PUT of a small file', randomBytes(20_000)]])('%s', (_what, bytes) => {
  test.each(breakages)('goes through after %s, thrice in a row', async (_what, fault) => {
    await startToMeet(fault);
    ferry.faults.next('PutObject', fault, 3);
    await drop(bytes);
    expect(retriesOf(await arrives(bytes))).toHaveLength(3);
  });
});

test('a small file that has grown meanwhile arrives as it is now, in parts', async () => {
  await start();
  ferry.faults.next('PutObject', status(403, 'AccessDenied', 'Access Denied.'));
  await drop(Buffer.from('small'));
  const [refused] = await ferry.finished();
  expect(refused).toMatchObject({ phase: 'failed' });
  await writeFile(path.join(folder, 'build.bin'), large);
  ferry.engine.queue.retry(ferry.engine.list.upload(refused!.id)!);
  expect(await arrives(large)).toMatchObject({ bytesTotal: large.length, sourceBytes: large.length });
  expect(ferry.count('CreateCosSecKeyInstance')).toBe(1);
});

test.each([
  ...breakages.slice(0, 5), ['500', internalError], ['InternalError', apiRefusal('InternalError')],
  ['InternalError.ServerError', apiRefusal('InternalError.ServerError')], ['RequestLimitExceeded', apiRefusal('RequestLimitExceeded')],
] as const)('the call for a credential goes through after %s, thrice in a row', async (_what, fault) => {
  await startToMeet(fault);
  ferry.faults.next('CreateCosSecKeyInstance', fault, 3);
  await drop(small);
  await arrives(small);
  expect(ferry.count('CreateCosSecKeyInstance')).toBe(4);
});

test.each(['AuthFailure.SignatureFailure', 'UnauthorizedOperation', 'InvalidParameterValue', 'OperationDenied'])('the service\'s %s is not asked for twice', async (code) => {
  await start();
  ferry.faults.next('CreateCosSecKeyInstance', apiRefusal(code), 9);
  await drop(small);
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'failed', problem: { serviceCode: code, requestId: 'fault-request' } });
  expect(ferry.count('CreateCosSecKeyInstance')).toBe(1);
});

test.each([[403, 'AccessDenied'], [400, 'InvalidArgument'], [404, 'NoSuchBucket'], [403, 'SignatureDoesNotMatch']])('%i %s of COS is not asked for twice', async (code, errorCode) => {
  await start();
  ferry.faults.next('PutObject', status(code, errorCode), 9);
  await drop(small);
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'failed', problem: { serviceCode: errorCode, requestId: 'fault-request' } });
  expect(ferry.count('PutObject')).toBe(1);
});

test('a request on which no byte moves is given up after the stall time, and that is on record', async () => {
  await startToMeet(hang);
  ferry.faults.next('UploadPart', hang);
  await drop(large);
  expect(retriesOf(await arrives(large))).toEqual(['network-timeout']);
});

test('a limit that leaves a connection nothing to send for long is no stall', async () => {
  const limits = { parallelUploads: 1, partsInFlight: 5 };
  // A slice of 4 KiB takes a second, and two connections take turns.
  await start({ limits: { ...limits, bytesPerSecond: 4_000 }, patience: { stallMs: 1000 } });
  await drop(large.subarray(0, 2 * mebibyte));
  await ferry.until(({ uploads: [upload] }) => upload !== undefined && (upload.bytesSent >= 6 * 4096 || retriesOf(upload).length > 0));
  ferry.engine.setLimits({ ...limits, bytesPerSecond: null });
  expect(retriesOf(await arrives(large.subarray(0, 2 * mebibyte)))).toEqual([]);
});

describe('Complete', () => {
  test('whose reply is lost is recognised as done: no part is sent twice and it is not begun anew', async () => {
    await start();
    ferry.faults.next('CompleteMultipartUpload', lostReply);
    await drop(large);
    const upload = await arrives(large);
    expect(upload.notice).toBeNull();
    expect(ferry.count('InitiateMultipartUpload')).toBe(1);
    expect(ferry.count('UploadPart')).toBe(6);
    expect(ferry.count('CompleteMultipartUpload', 404)).toBe(1);
  });

  test('whose reply is lost where HEAD is not allowed starts over, and says so', async () => {
    await start({ sandbox: { denyHead: true } });
    ferry.faults.next('CompleteMultipartUpload', lostReply);
    await drop(large);
    expect((await arrives(large)).notice).toMatchObject({ code: 'started-over-parts' });
  });

  test.each([['with an error inside', errorInside200], ['with half a body', halfBody]])('that answers 200 %s is no success, and is sent again', async (_what, fault) => {
    await start();
    ferry.faults.next('CompleteMultipartUpload', fault);
    await drop(large);
    await arrives(large);
    expect(ferry.count('CompleteMultipartUpload')).toBe(2);
    expect(ferry.count('UploadPart')).toBe(6);
  });

  test('that never ends well is a failure in the end, and a retry by hand sends no part again', async () => {
    await start({ patience: { outageMs: 500 } });
    ferry.faults.next('CompleteMultipartUpload', errorInside200, Infinity);
    await drop(large);
    const [upload] = await ferry.finished();
    expect(upload).toMatchObject({ phase: 'failed', problem: { code: 'store-failed', serviceCode: 'InternalError' } });
    ferry.faults.clear();
    ferry.engine.list.dispatch(ferry.engine.list.upload(upload!.id)!, { type: 'retry-requested' });
    ferry.engine.queue.add(ferry.engine.list.upload(upload!.id)!);
    await arrives(large);
    expect(ferry.count('UploadPart')).toBe(6);
  });
});

describe('done means verified', () => {
  const another: Fault = ({ req, res }) => {
    res.writeHead(200, { 'Content-Length': req.method === 'HEAD' ? 5 : 0, 'x-cos-hash-crc64ecma': '4711', 'x-cos-request-id': 'another-request', ETag: '"e"' });
    res.end();
    return true;
  };

  test.each([['PUT', small], ['PUT of a small file', randomBytes(20_000)]])('a %s is told of its object by the answer, and asks nothing more', async (_what, bytes) => {
    await start();
    await drop(bytes);
    await arrives(bytes);
    expect(ferry.count('HeadObject')).toBe(0);
  });

  test.each([['PUT', small], ['PUT of a small file', randomBytes(20_000)]])('a %s whose answer tells of another object fails loudly', async (_what, bytes) => {
    await start();
    ferry.faults.next('PutObject', another);
    await drop(bytes);
    const [upload] = await ferry.finished();
    expect(upload).toMatchObject({ phase: 'failed', problem: { code: 'not-verified', params: { actual: '4711' }, requestId: 'another-request' } });
  });

  test('a multipart upload that HEAD then finds to be another object fails loudly', async () => {
    await start();
    ferry.faults.next('HeadObject', another, 9);
    await drop(large);
    const [upload] = await ferry.finished();
    expect(upload).toMatchObject({ phase: 'failed', problem: { code: 'not-verified', params: { actual: '4711' }, requestId: 'another-request' } });
  });

  test('an object that HEAD does not find fails loudly', async () => {
    await start();
    ferry.faults.next('HeadObject', status(404, 'NoSuchKey'), 9);
    await drop(large);
    expect((await ferry.finished())[0]).toMatchObject({ phase: 'failed', problem: { code: 'not-verified' } });
  });

  test('a HEAD that is not allowed says nothing against it', async () => {
    await start({ sandbox: { denyHead: true, denyListParts: true } });
    await drop(large);
    await arrives(large);
    expect(ferry.count('HeadObject')).toBe(1);
  });
});

test('a refusal whose document is cut short is not taken for a permanent one', async () => {
  await start();
  ferry.faults.next('PutObject', ({ res }) => {
    res.writeHead(403, { 'Content-Type': 'application/xml' });
    res.end('<?xml version="1.0"?><Error><Co');
    return true;
  });
  await drop(small);
  await arrives(small);
});

test.each([
  ['nobody answers', reset],
  ['whoever is asked keeps silent', hang],
])('the parts of what is cancelled while %s are aborted as soon as somebody answers again', async (_what, fault) => {
  await start({ limits: { ...usualLimits, partsInFlight: 1 } });
  ferry.faults.next('UploadPart', slow(100), 1e9);
  await drop(large);
  await ferry.until(() => ferry.count('UploadPart', 200) > 0);
  ferry.faults.clear();
  ferry.faults.next('*', fault, 1e9);
  const [upload] = [...ferry.engine.list.all()];
  ferry.engine.queue.cancel(upload!);
  await ferry.until(() => upload!.state.phase === 'cancelled');
  expect(ferry.uploads()).toMatchObject([{ phase: 'cancelled', leftBehind: null }]);
  expect(await ferry.sandbox.listMultipartUploads()).toHaveLength(1);
  ferry.faults.clear();
  await ferry.engine.settled();
  expect(await ferry.sandbox.listMultipartUploads()).toEqual([]);
});

test('parts of a paused upload that is cancelled, and that COS will not discard, are told of in its row', async () => {
  await start({ limits: { ...usualLimits, bytesPerSecond: 2_000_000 } });
  ferry.faults.next('AbortMultipartUpload', status(403, 'AccessDenied'), Infinity);
  await drop(large);
  await ferry.until(({ uploads }) => (uploads[0]?.bytesSent ?? 0) > 0);
  const [upload] = ferry.engine.list.all();
  ferry.engine.queue.pause(upload!);
  await ferry.until(({ uploads }) => uploads[0]!.phase === 'paused');
  ferry.engine.queue.cancel(upload!);
  await ferry.until(({ uploads }) => uploads[0]!.leftBehind !== null);
  expect(ferry.uploads()).toMatchObject([{ phase: 'cancelled', leftBehind: { code: 'abort-failed', serviceCode: 'AccessDenied' } }]);
});

test('a name that cannot be encoded, as Windows can have one, is a failure, and nobody is taken for offline', async () => {
  await start();
  const file = path.join(folder, 'build.bin');
  await writeFile(file, small);
  const destination = { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null } as const;
  await ferry.engine.drops.take([file], { account: ferry.account, destination }, 'half-\ud83d.bin');
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'failed', problem: { code: 'name-unsafe' } });
  expect(ferry.engine.connectivity.offline).toBe(false);
});
