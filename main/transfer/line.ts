import type { Clock } from '../clock.ts';
import type { Connections } from '../connections.ts';
import type { Connectivity } from '../connectivity.ts';
import type { Patience } from '../patience.ts';
import type { RetryOptions, Worth } from '../retry.ts';
import { StoreError } from './object-store.ts';
import type { PartBuffers } from './part-buffers.ts';
import type { SendCrew } from './send-crew.ts';
import type { Slots } from './slots.ts';
import type { Throttle } from './throttle.ts';

/** What all uploads share of the way to the cloud. */
export interface Line {
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  /** Parts in flight, over all uploads. */
  readonly slots: Slots;
  readonly throttle: Throttle;
  readonly patience: Patience;
  readonly connections: Connections;
  /** The memory of parts, over all uploads. */
  readonly buffers: PartBuffers;
  /** Who reads, hashes and sends them. */
  readonly crew: SendCrew;
}

/** What another try is worth after a store's error: endless where nobody answered. */
export function worthAnotherTry(error: unknown): Worth {
  if (!(error instanceof StoreError) || error.kind !== 'transient') return 'no';
  return error.status === null ? 'endless' : 'some';
}

/** How requests to a store are retried on this line. */
export function storeRetries(line: Line, signal: AbortSignal): RetryOptions {
  return {
    attempts: 8,
    baseDelayMs: line.patience.baseDelayMs,
    maxDelayMs: line.patience.maxDelayMs,
    signal,
    sleepOffline: (delayMs, during) => line.connectivity.sleep(delayMs, during),
    worth: worthAnotherTry,
  };
}
