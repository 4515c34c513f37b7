import { createHash } from 'node:crypto';
import { createCrc64 } from './crc64.ts';
import type { Body } from './object-store.ts';

/** One piece of the object, with what its bytes stand for on disk. */
export interface Part extends Body {
  /** From 1. */
  readonly number: number;
  readonly sourceBytes: number;
  readonly isLast: boolean;
}

/** Known once every part was made. */
export interface PartsSummary {
  readonly bytes: number;
  /** CRC-64/XZ of the whole, decimal. */
  readonly crc64: string;
}

interface SourceChunk {
  readonly data: Buffer;
  readonly sourceBytes: number;
}

/**
 * Cuts a content's bytes into parts of exactly `partBytes`, the last one smaller; no bytes at all
 * still make one empty part. Returns the summary when it ends. Holds one part at a time.
 */
export async function* cutParts(chunks: AsyncIterable<SourceChunk>, partBytes: number): AsyncGenerator<Part, PartsSummary> {
  const crc64 = await createCrc64();
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let pendingSourceBytes = 0;
  let bytes = 0;
  let number = 0;

  const take = (length: number, isLast: boolean): Part => {
    const whole = pending.length === 1 && pending[0] ? pending[0] : Buffer.concat(pending);
    const data = whole.subarray(0, length);
    const rest = whole.subarray(length);
    crc64.update(data);
    const sourceBytes = pendingSourceBytes;
    pending = rest.length > 0 ? [rest] : [];
    pendingBytes = rest.length;
    pendingSourceBytes = 0;
    bytes += data.length;
    number += 1;
    return { number, data, md5: createHash('md5').update(data).digest('base64'), sourceBytes, isLast };
  };

  for await (const chunk of chunks) {
    pending.push(chunk.data);
    pendingBytes += chunk.data.length;
    pendingSourceBytes += chunk.sourceBytes;
    // Strictly more, so that the part that ends the content is always known to be the last.
    while (pendingBytes > partBytes) yield take(partBytes, false);
  }
  yield take(pendingBytes, true);
  return { bytes, crc64: crc64.digestDecimal() };
}
