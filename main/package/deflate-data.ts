import { constants, deflateRawSync } from 'node:zlib';
import type { DeflateLevels } from './pack-level.ts';

const textProbeBytes = 8 * 1024;
const sampleBytes = 16 * 1024;
// The most that zlib has: a tenth faster than its default on large blocks.
const memLevel = 9;
// What a block of noise still loses to a byte value or two that is missing.
const leastGain = 1 / 64;

/**
 * A whole deflate stream, or null where it would not be smaller than `data`. The same bytes for
 * the same data: zlib's tables are as large as they need to be, which saves their clearing.
 */
export function deflateWhole(data: Uint8Array, levels: DeflateLevels): Uint8Array | null {
  const windowBits = Math.min(15, Math.max(9, Math.ceil(Math.log2(data.length + 262))));
  const deflated = deflateRawSync(data, { level: levelFor(data, levels), windowBits, memLevel, chunkSize: data.length + 64 });
  return deflated.length < data.length ? deflated : null;
}

/**
 * One part of a deflate stream: primed with what stands before it, and ended at a byte so that the
 * next can follow. Null where it would not be smaller than `data`, told by samples first.
 */
export function deflatePart(data: Uint8Array, before: Uint8Array, isLast: boolean, levels: DeflateLevels): Uint8Array | null {
  if (!shrinks(data)) return null;
  const deflated = deflateRawSync(data, {
    level: levelFor(data, levels),
    memLevel,
    chunkSize: data.length + 1024,
    finishFlush: isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    ...(before.length > 0 && { dictionary: before }),
  });
  return deflated.length < data.length ? deflated : null;
}

/** Deflating three samples costs a fiftieth of deflating a block in vain. */
function shrinks(data: Uint8Array): boolean {
  if (data.length < 8 * sampleBytes) return true;
  const middle = (data.length - sampleBytes) >> 1;
  const samples = [0, middle, data.length - sampleBytes];
  return samples.some((start) => {
    const sample = data.subarray(start, start + sampleBytes);
    return deflateRawSync(sample, { level: 1, chunkSize: 2 * sampleBytes }).length < sampleBytes * (1 - leastGain);
  });
}

/** As git tells text: no zero byte near the beginning. */
function levelFor(data: Uint8Array, levels: DeflateLevels): number {
  return data.subarray(0, textProbeBytes).includes(0) ? levels.binary : levels.text;
}
