import type { LeftOut } from '../../preload/contract.ts';
import type { SourceFile } from './read-range.ts';

/** Bytes of a content, in order. */
export interface Chunk {
  readonly data: Buffer;
  /** How many bytes of the source on disk were newly read for it; over all chunks they add up to `sourceBytes`. */
  readonly sourceBytes: number;
}

/** What becomes one object: a file as it is, or a package. */
export interface Content {
  /** The object's file name, or its path below the prefix, with forward slashes. */
  readonly name: string;
  readonly packed: boolean;
  /** Bytes on disk that are read in all. */
  readonly sourceBytes: number;
  /** When the newest of its files was changed. */
  readonly modifiedAtMs: number;
  /** Upper bound of what `bytes` yields; exact where `packed` is false. */
  readonly maxBytes: number;
  readonly leftOut: readonly LeftOut[];
  /** The file that is sent as it is, read wherever its parts are made; null where only `bytes` makes them. */
  readonly file: SourceFile | null;
  /**
   * The bytes, made again on every call and the same each time while the source is unchanged.
   * Throws a FerryError `source-vanished`, `source-changed` or `source-unreadable` with the name
   * of the file, so that no mixture of an old and a new file is ever taken for the source.
   */
  bytes(signal: AbortSignal): AsyncIterable<Chunk>;
}
