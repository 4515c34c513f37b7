import { setTimeout as sleep } from 'node:timers/promises';

export interface ConnectivityOptions {
  readonly onChange: (offline: boolean) => void;
}

// A single reset, or a server that restarts, is no reason to call the whole network gone.
const unansweredUntilOffline = 3;

/**
 * Whether the network is there, judged by requests that got no answer, and a way to wait that ends
 * early when it may be back. Shared by all who retry.
 */
export class Connectivity {
  readonly #onChange: (offline: boolean) => void;
  readonly #sleepers = new Set<AbortController>();
  #unansweredInARow = 0;
  #offline = false;

  constructor(options: ConnectivityOptions) {
    this.#onChange = options.onChange;
  }

  get offline(): boolean {
    return this.#offline;
  }

  /** A request got no answer at all. */
  readonly unanswered = (): void => {
    this.#unansweredInARow += 1;
    if (this.#unansweredInARow >= unansweredUntilOffline) this.#set(true);
  };

  /** A server has answered, whatever it said. */
  readonly answered = (): void => {
    this.#unansweredInARow = 0;
    this.#set(false);
  };

  /** The link may be back: who waits tries again now. */
  wake(): void {
    for (const sleeper of this.#sleepers) sleeper.abort();
  }

  /** Waits, or until `wake`. Rejects with the signal's reason. */
  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    const sleeper = new AbortController();
    this.#sleepers.add(sleeper);
    try {
      await sleep(delayMs, undefined, { signal: signal ? AbortSignal.any([signal, sleeper.signal]) : sleeper.signal });
    } catch {
      signal?.throwIfAborted();
    } finally {
      this.#sleepers.delete(sleeper);
    }
  }

  #set(offline: boolean): void {
    if (offline === this.#offline) return;
    this.#offline = offline;
    this.#onChange(offline);
    if (!offline) this.wake();
  }
}
