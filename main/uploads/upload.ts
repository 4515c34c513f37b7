import type { Destination, PhaseChange } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { SpeedMeter } from './speed-meter.ts';
import { waiting, type UploadState } from './upload-state.ts';

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
  state: UploadState;
  /** Every phase of the present run. */
  timeline: readonly PhaseChange[];
  /** Ends the present run; null while it is not running. */
  abort: AbortController | null;
}

export function newUpload(id: string, sourceId: string, plan: UploadPlan): Upload {
  return { id, sourceId, plan, speed: new SpeedMeter(), state: waiting, timeline: [], abort: null };
}
