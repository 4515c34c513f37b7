import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largestObjectBytes, largestPartBytes, leastPartBytes, mostParts, partSize, partStarts, smallestPartBytes } from '../../main/transfer/part-size.ts';

const mebibyte = 1024 * 1024;

/** Sizes of objects around as many parts of a size as there may be. */
const nearMostParts = fc.record({
  partBytes: fc.oneof(fc.integer({ min: 1, max: 512 }).map((mebibytes) => mebibytes * mebibyte), fc.integer({ min: mebibyte, max: 20 * mebibyte })),
  parts: fc.integer({ min: mostParts - 20, max: mostParts }),
  off: fc.oneof(fc.constant(0), fc.constant(-1), fc.constant(1), fc.integer({ min: -mebibyte, max: mebibyte })),
}).map(({ partBytes, parts, off }) => ({ partBytes, bytes: Math.min(partBytes * mostParts, partBytes * parts + off) }));
const few = fc.record({ partBytes: fc.integer({ min: mebibyte, max: 20 * mebibyte }), bytes: fc.nat(400 * mebibyte) });

function expectGoodParts(bytes: number, partBytes: number): void {
  const starts = partStarts(bytes, partBytes);
  expect(starts.length).toBeLessThanOrEqual(mostParts);
  expect(starts[0]).toBe(0);
  let [covered, wrong] = [0, 0];
  for (const [index, start] of starts.entries()) {
    const isLast = index + 1 === starts.length;
    const size = (starts[index + 1] ?? bytes) - start;
    if (start !== covered || size > partBytes || (!isLast && size < smallestPartBytes) || (size <= 0 && bytes > 0)) wrong += 1;
    covered += size;
  }
  expect({ wrong, covered }).toEqual({ wrong: 0, covered: bytes });
}

test('parts are never more than 10,000, cover the file without a gap, and none but the last is below COS\'s least', () => {
  fc.assert(fc.property(nearMostParts, ({ bytes, partBytes }) => { expectGoodParts(bytes, partBytes); }), { numRuns: 150 });
  fc.assert(fc.property(few, ({ bytes, partBytes }) => { expectGoodParts(bytes, partBytes); }), { numRuns: 500 });
});

test('every object that can be sent has a size of parts, at any speed, with which it is 10,000 at most', () => {
  const bytes = fc.oneof(fc.maxSafeNat().map((any) => any % (largestObjectBytes + 1)), fc.nat(200 * mebibyte), fc.constantFrom(0, 1, largestObjectBytes, 10_000 * mebibyte, 10_000 * mebibyte + 1));
  const speed = fc.option(fc.double({ min: 0, max: 1e10, noNaN: true }));
  fc.assert(fc.property(bytes, speed, (maxBytes, bytesPerSecondEach) => {
    const size = partSize(maxBytes, bytesPerSecondEach);
    expect(size % mebibyte).toBe(0);
    expect(size).toBeGreaterThanOrEqual(smallestPartBytes);
    expect(size).toBeLessThanOrEqual(largestPartBytes);
    expect(size).toBeGreaterThanOrEqual(leastPartBytes(maxBytes));
    expect(Math.ceil(maxBytes / size)).toBeLessThanOrEqual(mostParts);
  }), { numRuns: 2_000 });
});

test('the size that is needed is no larger than needed', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 511 }), (mebibytes) => {
    const whole = mebibytes * mebibyte * mostParts;
    expect([leastPartBytes(whole), leastPartBytes(whole + 1)]).toEqual([mebibytes * mebibyte, (mebibytes + 1) * mebibyte]);
  }));
});
