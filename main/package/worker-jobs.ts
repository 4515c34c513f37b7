import type { FileIdentity } from './file-identity.ts';
import type { DeflateLevels } from './pack-level.ts';

export interface FileToPack {
  readonly path: string;
  readonly identity: FileIdentity;
  /** Known not to shrink. */
  readonly stored: boolean;
}

/** One piece of work for a worker thread. */
export type WorkerJob =
  /** Whole files, together no larger than the memory that their data is put into. */
  | { readonly kind: 'files'; readonly files: readonly FileToPack[]; readonly levels: DeflateLevels; readonly into: SharedArrayBuffer }
  /** One block of a file that stays open until it is done. */
  | {
      readonly kind: 'block';
      readonly fd: number;
      readonly start: number;
      readonly length: number;
      readonly isLast: boolean;
      readonly stored: boolean;
      readonly levels: DeflateLevels;
      readonly into: SharedArrayBuffer;
    }
  | { readonly kind: 'look'; readonly folders: readonly string[] }
  /** Files that must be readable. */
  | { readonly kind: 'open'; readonly paths: readonly string[] };

/** The files' data lies one after the other in the job's memory: deflated where `lengths` is less than the file's size, as they are otherwise. */
export interface PackedFiles {
  readonly lengths: readonly number[];
  readonly crcs: readonly number[];
}

/** Whole deflate blocks that end at a byte, or, where those would not be smaller, the bytes as they are: so many at the beginning of the job's memory. */
export interface PackedBlock {
  readonly bytes: number;
  readonly deflated: boolean;
  readonly crc: number;
}

/** What a folder holds, one column for each fact: as objects, crossing between threads would cost more than looking. */
export interface FolderLook {
  /** Names in the folder. */
  readonly names: readonly string[];
  /** `factsPerName` numbers each: index into `lookKinds`, mode, size, mtimeMs, inode. */
  readonly facts: Float64Array<ArrayBuffer>;
  /** Why names could not be looked at, by their index. */
  readonly failures: ReadonlyMap<number, JobFailure>;
}

export const lookKinds = ['file', 'folder', 'symlink', 'special'] as const;
export const factsPerName = 5;

export interface JobResults {
  files: PackedFiles;
  block: PackedBlock;
  look: readonly (FolderLook | JobFailure)[];
  open: null;
}

/** A failed job. Errors lose their fields on the way between threads, so these are what crosses. */
export interface JobFailure {
  readonly message: string;
  /** The system's code, `fileChanged` or `notUtf8`; null for what no file is to blame for. */
  readonly code: string | null;
  /** Which of the job's files it was. */
  readonly index: number;
}

/** The code of a `JobFailure` whose file is not the one that was scanned. */
export const fileChanged = 'FILE-CHANGED';

/** The code of a `JobFailure` for a name that is no text. */
export const notUtf8 = 'NAME-NOT-UTF-8';

export interface WorkerRequest {
  readonly id: number;
  readonly job: WorkerJob;
}

export type WorkerReply =
  | { readonly id: number; readonly result: JobResults[keyof JobResults] }
  | { readonly id: number; readonly failure: JobFailure };
