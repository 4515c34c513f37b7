import { add32, constant, get, loadVector, repeat, set, storeVector, vector, type Code, type WasmFunction } from './wasm-code.ts';

const vectorBytes = 16;
/** What one turn of the fold takes. */
export const foldBytes = 64;

/**
 * The sparse polynomial x^1050 + x^820 + x^802 + x^651 + x^576 + x^569 + x^552 + x^448 + x^304 + 1 is a
 * multiple of CRC-64/XZ's, found by search; so is the one of 128 times these powers, its 128th power. So
 * a CRC does not change where 16 bytes are replaced by nothing and added to those that are so many
 * times 16 bytes behind them. What is left after that has been done from the front is as long as the
 * largest of these distances.
 */
export const foldDistances: readonly number[] = [230, 248, 399, 474, 481, 498, 602, 746, 1050].map((vectors) => vectors * vectorBytes);
export const foldHistoryBytes = Math.max(...foldDistances);

const data = 0;
const turns = 1;
const parameters = 2;
const xor = vector(0x51);

/**
 * `crc64Fold(data, turns)` replaces the bytes behind the first `foldHistoryBytes`, which were replaced
 * before, or are zero at the beginning, by what each of them has come to when it is folded away.
 */
export const crc64Fold: WasmFunction = {
  name: 'crc64Fold',
  parameters,
  locals: [],
  body: repeat(turns, [
    [0, 1, 2, 3].map((index) => foldHistoryBytes + index * vectorBytes).map((here) => {
      const folded = foldDistances.reduce<Code>((sum, distance) => xor(sum, loadVector(get(data), here - distance)), loadVector(get(data), here));
      return storeVector(get(data), here, folded);
    }),
    set(data, add32(get(data), constant(foldBytes))),
  ]),
};

/** What is left of the bytes when all before this history's end is folded away; its CRC is theirs and so many bytes of nothing. */
export function foldRemainder(history: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(history.buffer, history.byteOffset, history.length / 4);
  const left = new Uint32Array(words.length);
  for (const distance of foldDistances) {
    const from = words.length - distance / 4;
    for (let index = from; index < words.length; index++) left[index - from] = (left[index - from] ?? 0) ^ (words[index] ?? 0);
  }
  return new Uint8Array(left.buffer);
}
