import { constants, deflateRawSync } from 'node:zlib';

/** How bytes are best packed: as they are, with shorter codes for the frequent ones only, or with repetitions found as well. */
export type DeflateWay = 'store' | 'codes' | 'repetitions';

const sampleBytes = 16 * 1024;
// As far as deflate looks back, twice.
const longSampleBytes = 64 * 1024;
const leastBytes = 8 * sampleBytes;
// What a block of noise still loses to a byte value or two that is missing.
const leastGain = 1 / 64;

/**
 * Told by samples, the same for the same data, and at a tenth of what the wrong way costs: sound and
 * pictures that nobody has compressed hold hardly a repetition, and looking for them takes four times as long.
 */
export function deflateWay(data: Uint8Array): DeflateWay {
  if (data.length < leastBytes) return 'repetitions';
  let way: DeflateWay = 'store';
  for (const start of [0, (data.length - sampleBytes) >> 1, data.length - sampleBytes]) {
    const sample = data.subarray(start, start + sampleBytes);
    const deflated = packedBytes(sample, constants.Z_DEFAULT_STRATEGY);
    if (deflated >= sampleBytes * (1 - leastGain)) continue;
    if (deflated < packedBytes(sample, constants.Z_HUFFMAN_ONLY)) return 'repetitions';
    way = 'codes';
  }
  if (way === 'store') return way;
  const start = (data.length - longSampleBytes) >> 1;
  const sample = data.subarray(start, start + longSampleBytes);
  return packedBytes(sample, constants.Z_DEFAULT_STRATEGY) < packedBytes(sample, constants.Z_HUFFMAN_ONLY) ? 'repetitions' : 'codes';
}

function packedBytes(sample: Uint8Array, strategy: number): number {
  return deflateRawSync(sample, { level: 1, strategy, chunkSize: 2 * sample.length }).length;
}
