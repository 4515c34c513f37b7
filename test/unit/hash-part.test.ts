import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createCRC64 } from 'hash-wasm';
import { expect, test } from 'vitest';
import { hashPart } from '../../main/transfer/hash-part.ts';
import { hashWhole } from '../../main/transfer/hash-whole.ts';
import { lanes } from '../../main/transfer/md5-code.ts';
import type { PartHashes } from '../../main/transfer/send-messages.ts';

const crc64 = await createCRC64();
const noise = randomBytes(3 * 1024 * 1024);

function expected(data: Uint8Array): PartHashes {
  return { md5: createHash('md5').update(data).digest('base64'), crc64: BigInt(`0x${crc64.init().update(data).digest('hex')}`) };
}

async function hashed(data: Uint8Array, pieceBytes = data.length): Promise<PartHashes> {
  const hasher = await hashPart();
  for (let start = 0; start < data.length; start += pieceBytes) await hasher.update(data.subarray(start, start + pieceBytes));
  return hasher.digest();
}

const length = fc.oneof(fc.nat(300), fc.nat(80_000), fc.nat(1024 * 1024));
const run = fc.record({ from: fc.nat(200), bytes: length, blocks: fc.integer({ min: 1, max: 20_000 }) });

test('hashes are those of node:crypto and hash-wasm, however many parts are hashed at once, wherever they lie and however they are cut', async () => {
  await fc.assert(fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 20 }), async (runs) => {
    const parts = runs.map(({ from, bytes, blocks }) => ({ data: noise.subarray(from, from + bytes), blocks }));
    const hashes = await Promise.all(parts.map(({ data, blocks }) => hashed(data, blocks * 64)));
    expect(hashes).toEqual(parts.map(({ data }) => expected(data)));
  }), { numRuns: 60 });
});

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 16_799, 16_800, 16_864, 32_768, 32_832, 2 * 1024 * 1024])('%d bytes alone, and in all lanes at once', async (bytes) => {
  const data = noise.subarray(1, 1 + bytes);
  expect(await hashed(data)).toEqual(expected(data));
  expect(await Promise.all(Array.from({ length: lanes }, () => hashed(data)))).toEqual(Array(lanes).fill(expected(data)));
});

test('memory that threads share is hashed as well', async () => {
  const shared = Buffer.from(new SharedArrayBuffer(100_000));
  shared.set(noise.subarray(0, shared.length));
  expect(await hashed(shared)).toEqual(expected(shared));
});

test('a piece that is no whole blocks is the last', async () => {
  const hasher = await hashPart();
  await hasher.update(noise.subarray(0, 100));
  expect(() => hasher.update(noise.subarray(100, 200))).toThrow('last piece');
});

test('what is all there is hashed the same, however many there are and however long each is', async () => {
  const bytes = fc.oneof(fc.constantFrom(0, 1, 55, 56, 63, 64, 65, 20_000), fc.nat(256 * 1024));
  await fc.assert(fc.asyncProperty(fc.array(bytes, { minLength: 1, maxLength: 40 }), async (lengths) => {
    const all = lengths.map((length, index) => noise.subarray(index, index + length));
    expect(await Promise.all(all.map(hashWhole))).toEqual(all.map(expected));
  }), { numRuns: 60 });
});

test.each([1, 5])('what cannot be hashed fails with the cause, for all %d that are hashed together, and nothing that comes later', async (many) => {
  const broken = { length: 100 } as Uint8Array;
  const all = await Promise.allSettled(Array.from({ length: many }, () => hashWhole(broken)));
  expect(all).toEqual(Array.from({ length: many }, () => ({ status: 'rejected', reason: expect.any(TypeError) as unknown })));
  expect(await hashWhole(noise)).toEqual(expected(noise));
});

test('a part whose length in bits is beyond 32 bits is hashed as well', async () => {
  const piece = noise.subarray(0, 1024 * 1024);
  const hasher = await hashPart();
  const md5 = createHash('md5');
  const whole = (await createCRC64()).init();
  for (let mebibytes = 0; mebibytes < 513; mebibytes++) {
    md5.update(piece);
    whole.update(piece);
    await hasher.update(piece);
  }
  for (const hash of [md5, whole, hasher]) await hash.update(noise.subarray(7, 24));
  expect(hasher.digest()).toEqual({ md5: md5.digest('base64'), crc64: BigInt(`0x${whole.digest('hex')}`) });
});
