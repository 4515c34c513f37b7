import { constants, deflateRawSync, type ZlibOptions } from 'node:zlib';
import { deflateWay } from './deflate-way.ts';
import type { DeflateLevels } from './pack-level.ts';

const textProbeBytes = 8 * 1024;
// The most that zlib has: a tenth faster than its default on large blocks.
const memLevel = 9;

/**
 * A whole deflate stream, or null where it would not be smaller than `data`. The same bytes for
 * the same data: zlib's tables are as large as they need to be, which saves their clearing.
 */
export function deflateWhole(data: Uint8Array, levels: DeflateLevels): Uint8Array | null {
  const windowBits = Math.min(15, Math.max(9, Math.ceil(Math.log2(data.length + 262))));
  return deflated(data, levels, { memLevel, windowBits, chunkSize: data.length + 64 });
}

/**
 * One part of a deflate stream: primed with what stands before it, and ended at a byte so that the
 * next can follow. Null where it would not be smaller than `data`.
 */
export function deflatePart(data: Uint8Array, before: Uint8Array, isLast: boolean, levels: DeflateLevels): Uint8Array | null {
  return deflated(data, levels, {
    memLevel,
    chunkSize: data.length + 1024,
    finishFlush: isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    ...(before.length > 0 && { dictionary: before }),
  });
}

function deflated(data: Uint8Array, levels: DeflateLevels, options: ZlibOptions): Uint8Array | null {
  const way = deflateWay(data);
  if (way === 'store') return null;
  options.level = levelFor(data, levels);
  if (way === 'codes') options.strategy = constants.Z_HUFFMAN_ONLY;
  const result = deflateRawSync(data, options);
  return result.length < data.length ? result : null;
}

/** As git tells text: no zero byte near the beginning. */
function levelFor(data: Uint8Array, levels: DeflateLevels): number {
  return data.subarray(0, textProbeBytes).includes(0) ? levels.binary : levels.text;
}
