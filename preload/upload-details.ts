import type { CredentialView, UploadPhase } from './contract.ts';

/** The object as COS confirmed it. */
export interface ObjectView {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
  readonly size: number;
  /** CRC-64/XZ, decimal: the value COS returned, equal to the one computed while reading. */
  readonly crc64: string;
  readonly etag: string;
  readonly requestId: string;
}

export interface PhaseChange {
  readonly phase: UploadPhase;
  readonly atMs: number;
}

/** What is known of one upload beyond its row. Asked for while a person looks at it, never sent unasked. */
export interface UploadDetails {
  /** null until parts are sent, and where what was sent is not known since the app started. */
  readonly parts: PartsView | null;
  /** Bytes that went over the line in each second, the last one last; at most three minutes of them. */
  readonly speeds: readonly number[];
  /** The credential it went under last; null where that is not known since the app started. */
  readonly credential: Pick<CredentialView, 'bucket' | 'region' | 'scope' | 'expiresAtMs' | 'requestId'> | null;
  /** null while it is not known. */
  readonly key: string | null;
  /** Requests that were made again, by why, the latest kind last. */
  readonly retries: readonly RetryView[];
}

export interface PartsView {
  /** COS has them. */
  readonly held: number;
  readonly inFlight: number;
  /** null while a package's final size is not known yet. */
  readonly total: number | null;
  readonly partBytes: number;
}

export interface RetryView {
  /** unreachable: nobody answered. timeout: an answer took too long. refused: COS answered with an error. */
  readonly reason: 'unreachable' | 'timeout' | 'refused';
  /** The code COS answered with, verbatim. */
  readonly serviceCode: string | null;
  /** Of the last of them. */
  readonly requestId: string | null;
  readonly count: number;
}

/** What was taken off the list, for as long as that can be undone. */
export interface Removal {
  readonly id: string;
  /** Sources of which something was taken off. */
  readonly count: number;
  /** How long it can be undone from now on. */
  readonly undoMs: number;
}
