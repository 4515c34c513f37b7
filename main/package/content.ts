import type { LeftOut } from '../../preload/contract.ts';
import type { NamedFile, SourceFile } from './source-file.ts';

/** Bytes of a package, in order. */
export interface Chunk {
  /** Only until the next chunk is asked for: then its memory is used again. */
  readonly data: Buffer;
  /** How many bytes of the source on disk were newly read for it; over all chunks they add up to `sourceBytes`. */
  readonly sourceBytes: number;
}

interface ContentFacts {
  /** The object's file name, or its path below the prefix, with forward slashes. */
  readonly name: string;
  /** Bytes on disk that are read in all. */
  readonly sourceBytes: number;
  /** When the newest of its files was changed; null for a small file that is not looked at before it is sent. */
  readonly modifiedAtMs: number | null;
  /** Upper bound of the object's size; exact for a file that was looked at. */
  readonly maxBytes: number;
  readonly leftOut: readonly LeftOut[];
}

export interface PackageContent extends ContentFacts {
  readonly packed: true;
  /**
   * The bytes, made again on every call and the same each time while the source is unchanged.
   * Throws a FerryError `source-vanished`, `source-changed` or `source-unreadable` with the name
   * of the file, so that no mixture of an old and a new file is ever taken for the source.
   */
  bytes(signal: AbortSignal): AsyncIterable<Chunk>;
}

/** A file as it is, read wherever its parts are made. */
export interface FileContent extends ContentFacts {
  readonly packed: false;
  readonly file: SourceFile;
}

/** A file that was small when it was last seen: it is looked at, read and sent in one go. */
export interface SmallFileContent extends ContentFacts {
  readonly packed: false;
  readonly smallFile: NamedFile;
}

/** What becomes one object: a file as it is, or a package. */
export type Content = PackageContent | FileContent | SmallFileContent;
