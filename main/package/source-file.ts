import type { FileIdentity } from './file-identity.ts';

export interface NamedFile {
  readonly path: string;
  /** For the words. */
  readonly name: string;
}

/** A file in the state in which it was found. */
export interface SourceFile extends NamedFile {
  readonly identity: FileIdentity;
}
