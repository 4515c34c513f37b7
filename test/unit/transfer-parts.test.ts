import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { cosError, noAnswer } from '../../main/transfer/cos-error.ts';
import { mostParts, partStarts } from '../../main/transfer/part-size.ts';
import { cutParts, type Part, type PartSource, type PartsSummary } from '../../main/transfer/parts.ts';
import { Slots } from '../../main/transfer/slots.ts';
import { WholeCrc64 } from '../../main/transfer/whole-crc64.ts';
import { lineOf } from '../support/memory-line.ts';

const mebibyte = 1024 ** 2;

async function* chunksOf(...sizes: number[]) {
  for (const size of sizes) yield { data: randomBytes(size), sourceBytes: size * 3 };
}

interface Made extends Part {
  readonly md5: string;
}

/** Cuts a source into parts, and lets go of each at once. */
async function collect(source: PartSource, partBytes: number): Promise<{ parts: Made[]; summary: PartsSummary }> {
  const { buffers, crew } = lineOf();
  const whole = new WholeCrc64();
  const parts: Made[] = [];
  for await (const part of cutParts(source, { partBytes, place: 'store', buffers, crew, signal: new AbortController().signal })) {
    const ready = await part.ready;
    whole.add(part.number, ready.crc64, ready.bytes);
    parts.push({ ...part, md5: ready.md5 });
    ready.release();
  }
  return { parts, summary: whole.summary };
}

test.each([
  [[10], [10]],
  [[100], [100]],
  [[101], [100, 1]],
  [[50, 50], [100]],
  [[50, 50, 50], [100, 50]],
  [[250], [100, 100, 50]],
  [[1, 99, 100, 3], [100, 100, 3]],
  [[], [0]],
])('chunks of %j are cut into parts of %j', async (sizes, expected) => {
  const { parts, summary } = await collect({ chunks: () => chunksOf(...sizes) }, 100);
  expect(parts.map((part) => part.bytes)).toEqual(expected);
  expect(parts.map((part) => part.number)).toEqual(expected.map((_, index) => index + 1));
  expect(parts.map((part) => part.isLast)).toEqual(expected.map((_, index) => index === expected.length - 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  expect(summary.bytes).toBe(total);
  expect(parts.reduce((sum, part) => sum + part.sourceBytes, 0)).toBe(total * 3);
});

test.each([
  [0, [0]],
  [2 * mebibyte, [0]],
  [2 * mebibyte + 1, [0, mebibyte, 2 * mebibyte]],
  [18 * mebibyte, [0, ...Array.from({ length: 16 }, (_, index) => (index + 2) * mebibyte)]],
])('a file of %d bytes is cut into parts of 2 MiB, the last of them halved', (bytes, expected) => {
  expect(partStarts(bytes, 2 * mebibyte)).toEqual(expected);
});

test('no part is halved to less than COS takes, nor where that would make too many', () => {
  expect(partStarts(5 * mebibyte, mebibyte)).toHaveLength(5);
  expect(partStarts(4 * mebibyte, 1.5 * mebibyte)).toEqual([0, mebibyte, 2 * mebibyte, 3 * mebibyte]);
  expect(partStarts(mostParts * 4 * mebibyte, 4 * mebibyte)).toHaveLength(mostParts);
});

test('every part carries its own MD5', async () => {
  const data = randomBytes(250);
  const { parts } = await collect({ chunks: async function* () { yield { data, sourceBytes: 250 }; } }, 100);
  expect(parts.map((part) => part.md5)).toEqual([0, 100, 200].map((start) => createHash('md5').update(data.subarray(start, start + 100)).digest('base64')));
});

test('the CRC64 is that of the whole, as CRC-64/XZ has it', async () => {
  const { summary } = await collect({
    chunks: async function* () {
      yield { data: Buffer.from('12345'), sourceBytes: 5 };
      yield { data: Buffer.from('6789'), sourceBytes: 4 };
    },
  }, 2);
  expect(summary.crc64).toBe(BigInt('0x995dc9bbdf1939fa').toString());
});

test('slots are given in order, come back, and can be made more while some wait', async () => {
  const slots = new Slots(1);
  const { signal } = new AbortController();
  const first = await slots.take({ place: 'store', signal });
  const order: string[] = [];
  const second = slots.take({ place: 'store', signal }).then((release) => { order.push('second'); return release; });
  const third = slots.take({ place: 'store', signal }).then((release) => { order.push('third'); return release; });
  await Promise.resolve();
  expect(order).toEqual([]);
  first();
  first();
  await second;
  expect(order).toEqual(['second']);
  slots.most = 2;
  await third;
  expect(order).toEqual(['second', 'third']);
});

test('who stops waiting for a slot leaves it to the next', async () => {
  const slots = new Slots(1);
  const release = await slots.take({ place: 'store', signal: new AbortController().signal });
  const impatient = new AbortController();
  const given = slots.take({ place: 'store', signal: impatient.signal });
  const patient = slots.take({ place: 'store', signal: new AbortController().signal });
  impatient.abort(new Error('enough'));
  await expect(given).rejects.toThrow('enough');
  release();
  await expect(patient).resolves.toBeTypeOf('function');
});

test.each([
  [400, 'ExpiredToken', '', 'credential-dead', 'credential-expired'],
  [403, 'InvalidAccessKeyId', '', 'credential-dead', 'credential-expired'],
  [403, 'AccessDenied', 'Request has expired', 'credential-dead', 'credential-expired'],
  [403, 'AccessDenied', 'Access Denied.', 'permanent', 'store-access-denied'],
  [403, 'RequestTimeTooSkewed', '', 'permanent', 'store-clock-wrong'],
  [503, 'SlowDown', '', 'transient', 'store-failed'],
  [500, 'InternalError', '', 'transient', 'store-failed'],
  [404, 'NoSuchUpload', '', 'no-such-upload', 'store-refused'],
  [404, 'NoSuchBucket', '', 'permanent', 'store-no-bucket'],
  [400, 'BadDigest', '', 'transient', 'store-failed'],
  [200, 'InternalError', 'We encountered an internal error.', 'transient', 'store-failed'],
  [400, 'InvalidArgument', '', 'permanent', 'store-refused'],
])('%i %s %s of COS is %s', (status, Code, Message, kind, code) => {
  const error = cosError({ status, document: { Error: { Code, Message } }, requestId: 'id-1', date: undefined }, { host: 'host', bucket: 'b-1' }, 'PUT');
  expect(error.kind).toBe(kind);
  expect(error.problem).toMatchObject({ code, serviceCode: Code, requestId: 'id-1' });
});

test.each([['ECONNRESET', 'network-unreachable'], ['ENOTFOUND', 'network-unreachable'], ['ETIMEDOUT', 'network-timeout']])('no answer (%s) is worth another try', (code, problemCode) => {
  const error = noAnswer(Object.assign(new Error(code), { code }), { host: 'cos.example.com', bucket: 'b-1' });
  expect(error).toMatchObject({ kind: 'transient', status: null, problem: { code: problemCode, params: { host: 'cos.example.com' } } });
});

test.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'INVALID_CA', 'INVALID_PURPOSE', 'PATH_LENGTH_EXCEEDED', 'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY', 'UNSPECIFIED'])('a refusal of TLS (%s) is for good', (code) => {
  expect(noAnswer(Object.assign(new Error('no'), { code }), { host: 'host', bucket: 'b-1' })).toMatchObject({ kind: 'permanent', problem: { code: 'store-not-trusted' } });
});

test('a connection that TLS finds garbled is worth another try', () => {
  const error = Object.assign(new Error('bad record mac'), { code: 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC' });
  expect(noAnswer(error, { host: 'host', bucket: 'b-1' })).toMatchObject({ kind: 'transient' });
});
