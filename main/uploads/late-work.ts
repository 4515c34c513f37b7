import { setTimeout as sleep } from 'node:timers/promises';

/** Work that goes on after the upload it is for was stopped, so that quitting can wait for it. */
export class LateWork {
  readonly #going = new Set<Promise<unknown>>();

  readonly add = (work: Promise<unknown>): void => {
    const tracked: Promise<unknown> = work.catch(() => undefined).finally(() => { this.#going.delete(tracked); });
    this.#going.add(tracked);
  };

  /** Settles when all of it is done, or after so many milliseconds. */
  async settled(mostMs: number): Promise<void> {
    await Promise.race([Promise.all(this.#going), sleep(mostMs, undefined, { ref: false })]);
  }
}
