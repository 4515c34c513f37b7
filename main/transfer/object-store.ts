import { FerryError } from '../ferry-error.ts';
import type { Problem } from '../../preload/contract.ts';
import type { HttpHead, HttpReply } from '../http-agents.ts';
import type { Outside } from './slots.ts';

/** Why a store refused: what the transfer needs to decide on, whatever the store. */
export type StoreErrorKind =
  /** Worth another try: 5xx, SlowDown, a reset, no answer, a reply that does not parse. */
  | 'transient'
  /** The temporary credential is dead; a new one may go on. */
  | 'credential-dead'
  /** The UploadId is not known: completed already, aborted or expired. */
  | 'no-such-upload'
  /** Anything else; another try will not help. */
  | 'permanent';

/** A store's refusal, with its own code, the RequestId and the HTTP status where there was an answer. */
export class StoreError extends FerryError {
  readonly kind: StoreErrorKind;
  readonly status: number | null;
  /** The Date of the answer. */
  readonly serverDate: string | null;

  constructor(
    kind: StoreErrorKind,
    problem: Omit<Problem, 'params'> & { params?: Problem['params'] },
    status: number | null,
    options: ErrorOptions & { readonly serverDate?: string | undefined } = {},
  ) {
    super(problem, options);
    this.name = 'StoreError';
    this.kind = kind;
    this.status = status;
    this.serverDate = options.serverDate ?? null;
  }

  /** True where a wrong clock on this side would explain it. */
  get isAboutTime(): boolean {
    const { serviceCode, detail } = this.problem;
    return serviceCode === 'RequestTimeTooSkewed'
      || (serviceCode === 'AccessDenied' && /request (?:has expired|is not yet valid)/i.test(detail ?? ''));
  }
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Bytes of this body handed to the connection so far. */
  readonly onSent?: (bytes: number) => void;
  /** How to wait for something other than the store, such as a credential: others use the line meanwhile. */
  readonly outside?: Outside;
}

/** Bytes on their way, with the MD5 that the store checks them against; each null where it is known only to whoever sends them, who then tells it. */
export interface Body {
  readonly bytes: number | null;
  /** Base64, as Content-MD5 wants it. */
  readonly md5: string | null;
  /**
   * Sends them with one request, tried once. Rejects with Node's error where no whole reply came, with
   * Stalled where no byte moved for `stallMs`, or with the signal's reason.
   */
  send(send: Omit<SendOptions, 'outside'> & { readonly head: HttpHead; readonly stallMs: number }): Promise<HttpReply>;
}

export interface StoredPart {
  readonly partNumber: number;
  /** The part's MD5 in hex, without quotes. */
  readonly etag: string;
}

/** A part that the store holds. */
export interface HeldPart extends StoredPart {
  readonly size: number;
}

/** What the store says of a whole object. */
export interface StoredObject {
  readonly etag: string;
  /** CRC-64/XZ in decimal; null where the store did not say. */
  readonly crc64: string | null;
  readonly requestId: string;
}

/** A bucket seen through one temporary credential. Every method throws StoreErrors and honours its signal. */
export interface ObjectStore {
  readonly bucket: string;
  readonly region: string;
  /** Where its bytes go: what fails for one bucket, or one server, fails for all of its stores. */
  readonly place: string;
  putObject(key: string, body: Body, options: SendOptions): Promise<StoredObject>;
  startMultipart(key: string, signal: AbortSignal): Promise<string>;
  putPart(key: string, uploadId: string, partNumber: number, body: Body, options: SendOptions): Promise<StoredPart>;
  /** All parts that the store holds, in order. */
  listParts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly HeldPart[]>;
  completeMultipart(key: string, uploadId: string, parts: readonly StoredPart[], signal: AbortSignal): Promise<StoredObject>;
  abortMultipart(key: string, uploadId: string, signal: AbortSignal): Promise<void>;
  headObject(key: string, signal: AbortSignal): Promise<StoredObject & { readonly size: number }>;
}
