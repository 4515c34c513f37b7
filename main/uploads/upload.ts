import type { CredentialView, Destination, PhaseChange, Problem } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import type { JournaledMultipart } from './journal-entry.ts';
import { SpeedHistory } from './speed-history.ts';
import { SpeedMeter } from './speed-meter.ts';
import { isRunning, type UploadState } from './upload-state.ts';

/** What an upload is to do; fixed when it is added. */
export interface UploadPlan {
  readonly account: Account;
  readonly destination: Destination;
  /** The object's file name, or its path below the prefix. */
  readonly name: string;
  /** Absolute. One path is sent as it is unless `packed`. */
  readonly paths: readonly string[];
  readonly packed: boolean;
  /** What was dropped: its name and where it is. Two of one name never share a prefix. */
  readonly origin: { readonly name: string; readonly path: string };
  /** Bytes on disk where they were seen already; null before the source is looked at. */
  readonly sizeHint: number | null;
  /** When a folder's file was changed last, as it was listed. */
  readonly modifiedHintMs?: number;
  /** Uploads in the same lane write the same object and go one after the other. */
  readonly lane: string;
}

/** One source on its way to one object. */
export interface Upload {
  readonly id: string;
  readonly sourceId: string;
  /** Replaced only by a retry, where the person has mended the destination. */
  plan: UploadPlan;
  readonly speed: SpeedMeter;
  /** Its place in the queue; smaller goes first. */
  order: number;
  state: UploadState;
  /** Every phase of the present run. */
  timeline: readonly PhaseChange[];
  /** The multipart upload it has begun at COS and not ended. */
  multipart: JournaledMultipart | null;
  /** Bytes that went over the line for it since the start of this process, tries that failed included. */
  sentBytes: number;
  /** How far its parts have come in the present run, each in its best try; never falls, and trying again adds nothing. */
  reachedBytes: number;
  /** What is sent in parts at present, or was at last; null before. */
  parts: { readonly partBytes: number; readonly held: number; readonly inFlight: number } | null;
  readonly speeds: SpeedHistory;
  /** The source as it was found by the present run. */
  sourceSeen: { readonly bytes: number; readonly modifiedAtMs: number } | null;
  /** What the person should know while it goes on: that it started over, or will not be in time. */
  notice: Problem | null;
  /** Why parts of it are in a bucket that it does not go on with any more; null where none are. */
  partsLeft: Problem | null;
  readonly history: HistoryEvent[];
  /** What it goes under, or went under last; null before. */
  credential: CredentialView | null;
  /** Ends the present run; null while it is not running. */
  abort: AbortController | null;
}

/** A line of an upload's history, for its report. Never a secret. */
export interface HistoryEvent {
  readonly atMs: number;
  readonly what: string;
  readonly [detail: string]: string | number | boolean | null;
}

/** Whether a notice says that an upload's bytes are sent from the first one again. */
export function isStartedOver({ code }: Problem): boolean {
  return code === 'started-over-scope' || code === 'started-over-parts';
}

/** Whether an upload can do nothing before there is a credential: its first one, or the next. `nowMs` is the cloud's time. */
export function awaitsCredential({ state, credential }: Upload, nowMs: number): boolean {
  return state.phase === 'preparing' || (isRunning(state) && credential !== null && nowMs >= credential.expiresAtMs);
}

const longestHistory = 500;

/** Remembers an event; of a long history the middle is forgotten. */
export function remember(upload: Upload, event: HistoryEvent): void {
  upload.history.push(event);
  if (upload.history.length > longestHistory) upload.history.splice(longestHistory / 5, longestHistory / 5);
}

export function newUpload(id: string, sourceId: string, order: number, plan: UploadPlan, state: UploadState): Upload {
  return { id, sourceId, plan, order, state, timeline: [], speed: new SpeedMeter(), multipart: null, sentBytes: 0, reachedBytes: 0, sourceSeen: null, parts: null, speeds: new SpeedHistory(), notice: null, partsLeft: null, credential: null, history: [], abort: null };
}
