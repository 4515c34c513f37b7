import fc from 'fast-check';
import { expect, test } from 'vitest';
import { combineCrc64 } from '../../main/transfer/crc64-combine.ts';
import { createCrc64 } from '../../main/transfer/crc64.ts';
import { WholeCrc64 } from '../../main/transfer/whole-crc64.ts';

async function crcOf(data: Uint8Array): Promise<bigint> {
  const crc64 = await createCrc64();
  crc64.update(data);
  return BigInt(crc64.digestDecimal());
}

test('the CRC64 of bytes is that of their pieces combined, wherever they are cut and in whatever order the pieces come', async () => {
  await fc.assert(fc.asyncProperty(
    fc.uint8Array({ maxLength: 3_000 }), fc.array(fc.nat(), { maxLength: 8 }), fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
    async (bytes, seeds, order) => {
      const cuts = [0, ...seeds.map((seed) => seed % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const pieces = await Promise.all(cuts.slice(1).map(async (end, index) => {
        const piece = bytes.subarray(cuts[index], end);
        return { number: index + 1, crc64: await crcOf(piece), bytes: piece.length, rank: order.next().value };
      }));
      const whole = new WholeCrc64();
      for (const piece of pieces.sort((a, b) => a.rank - b.rank)) whole.add(piece.number, piece.crc64, piece.bytes);
      expect(whole.summary).toEqual({ bytes: bytes.length, crc64: (await crcOf(bytes)).toString() });
    },
  ), { numRuns: 200 });
});

test('pieces of the size of parts are combined as well', async () => {
  const bytes = Buffer.alloc(5 * 1024 * 1024 + 17, 'COS Ferry 渡船');
  const at = 2 * 1024 * 1024;
  const [first, second] = [bytes.subarray(0, at), bytes.subarray(at)];
  expect(combineCrc64(await crcOf(first), await crcOf(second), second.length)).toBe(await crcOf(bytes));
});

test.each([2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 33 + 12_345, 2 ** 42 + 7])('a run of %d bytes is combined as a whole as it is in pieces that fit into 32 bits', async (bytes) => {
  const smallest = 2 ** 20;
  const rest = await crcOf(Buffer.alloc(bytes % smallest));
  // Bytes of nothing, the longest first.
  const pieces = [{ length: smallest, crc: await crcOf(Buffer.alloc(smallest)) }];
  for (let { length, crc } = pieces[0]!; length < 2 ** 30; pieces.unshift({ length, crc })) [length, crc] = [length * 2, combineCrc64(crc, crc, length)];
  const followed = (before: bigint): bigint => {
    let [whole, left] = [before, bytes];
    for (const { length, crc } of pieces) {
      for (; left >= length; left -= length) whole = combineCrc64(whole, crc, length);
    }
    return combineCrc64(whole, rest, left);
  };
  const first = await crcOf(Buffer.from('COS Ferry'));
  expect(combineCrc64(first, followed(0n), bytes)).toBe(followed(first));
});

test('a part that is missing is not passed over', () => {
  const whole = new WholeCrc64();
  whole.add(1, 5n, 10);
  whole.add(3, 6n, 10);
  expect(whole.summary.bytes).toBe(10);
});
