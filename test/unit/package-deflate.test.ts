import { randomBytes } from 'node:crypto';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32Combine } from '../../main/package/crc32-combine.ts';
import { deflatePart, deflateWhole } from '../../main/package/deflate-data.ts';
import { deflateWay } from '../../main/package/deflate-way.ts';
import { deflateLevels } from '../../main/package/pack-level.ts';
import { storedBlocks, storedBlocksOverhead } from '../../main/package/stored-blocks.ts';

const levels = deflateLevels.balanced;
const windowBytes = 32 * 1024;

/** One stream of `data` cut into parts, each deflated alone or, where it does not shrink, stored. */
function inParts(data: Buffer, partBytes: number): { stream: Buffer; stored: number } {
  const pieces: Uint8Array[] = [];
  let stored = 0;
  for (let start = 0; start < data.length; start += partBytes) {
    const part = data.subarray(start, start + partBytes);
    const isLast = start + part.length === data.length;
    const deflated = deflatePart(part, data.subarray(Math.max(0, start - windowBytes), start), isLast, levels);
    if (!deflated) stored += 1;
    pieces.push(...(deflated ? [deflated] : storedBlocks(part, isLast)));
  }
  return { stream: Buffer.concat(pieces), stored };
}

describe('parts of a deflate stream', () => {
  it('join to one that inflates to the data, whichever of them are stored', () => {
    const text = Buffer.from(Array.from({ length: 40_000 }, (_, index) => `line ${index % 977} of it\n`).join(''));
    const noise = randomBytes(400_000);
    for (const data of [text, noise, Buffer.concat([text, noise, text]), Buffer.concat([noise, text, noise])]) {
      expect(inflateRawSync(inParts(data, 300_000).stream).equals(data)).toBe(true);
    }
    expect(inParts(text, 300_000).stored).toBe(0);
    expect(inParts(noise, 300_000).stored).toBe(2);
  });

  it('know what stands before them', () => {
    const once = randomBytes(20_000);
    const alone = deflatePart(once, Buffer.alloc(0), true, levels);
    const repeated = deflatePart(once.subarray(0, 10_000), once, true, levels);
    expect(alone).toBeNull();
    expect(repeated?.length).toBeLessThan(500);
  });

  it('that are stored come to as much more as is announced', () => {
    for (const bytes of [1, 65_534, 65_535, 65_536, 1024 * 1024]) {
      const whole = Buffer.concat([...storedBlocks(Buffer.alloc(bytes, 7), true)]);
      expect(whole.length).toBe(bytes + storedBlocksOverhead(bytes));
      expect(inflateRawSync(whole).length).toBe(bytes);
    }
  });

  it('are not made at all of what does not shrink', () => {
    expect(deflateWhole(randomBytes(5000), levels)).toBeNull();
    const text = Buffer.alloc(5000, 'text ');
    expect(inflateRawSync(deflateWhole(text, levels) ?? '').equals(text)).toBe(true);
  });
});

describe('how a block is packed', () => {
  /** What samples of sound are like: a few values are frequent, and nothing is repeated. */
  const samplesOf = (bytes: number): Buffer => Buffer.from(randomBytes(bytes).map((byte) => 128 + ((byte & 15) * (byte >> 4)) / 4));

  it('follows from what it holds', () => {
    const text = Buffer.from(Array.from({ length: 20_000 }, (_, index) => `line ${index * 7919 % 9973} of it\n`).join(''));
    expect(deflateWay(text)).toBe('repetitions');
    expect(deflateWay(samplesOf(400_000))).toBe('codes');
    expect(deflateWay(randomBytes(400_000))).toBe('store');
    expect(deflateWay(Buffer.concat([randomBytes(150_000), text]))).toBe('repetitions');
  });

  it('does not miss repetitions that are farther apart than a short sample is long', () => {
    const once = samplesOf(20_000);
    expect(deflateWay(Buffer.concat(Array<Buffer>(20).fill(once)))).toBe('repetitions');
  });

  it('without repetitions inflates to the data as well, and is no larger than with them', () => {
    const data = samplesOf(400_000);
    expect(inflateRawSync(inParts(data, 150_000).stream).equals(data)).toBe(true);
    expect(inflateRawSync(deflateWhole(data, levels) ?? '').equals(data)).toBe(true);
    expect(deflateWhole(data, levels)?.length).toBeLessThanOrEqual(deflateRawSync(data).length);
  });
});

describe('the CRC-32 of pieces', () => {
  it('joins to the one of the whole', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), fc.uint8Array({ maxLength: 3000 }), (first, second) => {
      expect(crc32Combine(crc32(first), crc32(second), second.length)).toBe(crc32(Buffer.concat([first, second])));
    }));
  });

  it('joins over more than 4 GiB', () => {
    const gibibyte = 2 ** 30;
    let zeros = crc32(Buffer.alloc(gibibyte / 1024));
    for (let bytes = gibibyte / 1024; bytes < 4 * gibibyte; bytes *= 2) zeros = crc32Combine(zeros, zeros, bytes);
    const first = crc32(Buffer.alloc(gibibyte));
    // What zlib says of 5 GiB of zeros.
    expect(crc32Combine(first, zeros, 4 * gibibyte)).toBe(0x193838c3);
  });
});
