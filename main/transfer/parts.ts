import type { SourceFile } from '../package/source-file.ts';
import { HashTogether } from './hash-together.ts';
import { lanes } from './md5-code.ts';
import { partStarts } from './part-size.ts';
import { ReadyPart } from './ready-part.ts';
import type { PartBuffer, PartBuffers } from './part-buffers.ts';
import type { SendCrew } from './send-crew.ts';

/** One piece of the object, with what its bytes stand for on disk. */
export interface Part {
  /** From 1. */
  readonly number: number;
  readonly bytes: number;
  readonly sourceBytes: number;
  readonly isLast: boolean;
  /** Its bytes and their hashes, being made; who takes the part lets go of them. */
  readonly ready: Promise<ReadyPart>;
}

/** Known once every part was made. */
export interface PartsSummary {
  readonly bytes: number;
  /** CRC-64/XZ of the whole, decimal. */
  readonly crc64: string;
}

export interface SourceChunk {
  readonly data: Buffer;
  readonly sourceBytes: number;
}

/** Where parts come from: a file as it is, or a stream of chunks. */
export type PartSource =
  | { readonly file: SourceFile }
  | { readonly chunks: (signal: AbortSignal) => AsyncIterable<SourceChunk> };

export interface Making {
  readonly partBytes: number;
  /** The store that they are for. */
  readonly place: string;
  readonly buffers: PartBuffers;
  readonly crew: SendCrew;
  readonly signal: AbortSignal;
}

/**
 * Cuts a source into parts of `partBytes`, the last one smaller, of a file the last ones; no bytes at
 * all still make one empty part. Waits for memory before each of them.
 */
export function cutParts(source: PartSource, making: Making): AsyncGenerator<Part, void> {
  return 'file' in source ? cutFile(source.file, making) : cutChunks(source.chunks(making.signal), making);
}

async function* cutFile(file: SourceFile, { partBytes, place, buffers, crew, signal }: Making): AsyncGenerator<Part, void> {
  const { size } = file.identity;
  const starts = partStarts(size, partBytes);
  for (const [index, position] of starts.entries()) {
    const bytes = (starts[index + 1] ?? size) - position;
    const buffer = await buffers.take(bytes, place, signal);
    const ready = holding(buffer, bytes, crew, crew.read(file, position, buffer, bytes, signal));
    yield { number: index + 1, bytes, sourceBytes: bytes, isLast: index + 1 === starts.length, ready };
  }
}

async function* cutChunks(chunks: AsyncIterable<SourceChunk>, { partBytes, place, buffers, crew, signal }: Making): AsyncGenerator<Part, void> {
  let buffer: PartBuffer | null = null;
  let [number, filled, sourceBytes] = [0, 0, 0];
  const together = new HashTogether();
  const hashed = async (of: PartBuffer, bytes: number): ReturnType<SendCrew['hash']> => {
    // The first ones are on their way at once: a short package has nothing else to send.
    if (number > lanes) await together.hold();
    return crew.hash(of, bytes, signal);
  };
  const part = (of: PartBuffer, isLast: boolean): Part => {
    number += 1;
    const made = { number, bytes: filled, sourceBytes, isLast, ready: holding(of, filled, crew, hashed(of, filled)) };
    [buffer, filled, sourceBytes] = [null, 0, 0];
    return made;
  };
  try {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.data.length;) {
        // Only when there is more is a full part not the last.
        if (buffer && filled === partBytes) yield part(buffer, false);
        buffer ??= await buffers.take(partBytes, place, signal);
        together.more();
        const piece = chunk.data.subarray(start, start + partBytes - filled);
        new Uint8Array(buffer.memory, filled).set(piece);
        filled += piece.length;
        start += piece.length;
      }
      sourceBytes += chunk.sourceBytes;
    }
    yield part(buffer ?? await buffers.take(0, place, signal), true);
  } finally {
    together.letGo();
    // Typescript takes what only closures assign for never assigned.
    (buffer as PartBuffer | null)?.release();
  }
}

function holding(buffer: PartBuffer, bytes: number, crew: SendCrew, hashing: ReturnType<SendCrew['hash']>): Promise<ReadyPart> {
  const ready = hashing.then((hashes) => new ReadyPart(buffer, bytes, hashes, crew), (error: unknown) => {
    buffer.release();
    throw error;
  });
  // Whoever takes the part may have stopped before it looks at it.
  ready.catch(() => undefined);
  return ready;
}
