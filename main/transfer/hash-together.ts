import { lanes } from './md5-code.ts';

// In this time all cores pack about as many parts as are hashed together; a line that is quicker waits for no longer.
const patienceMs = 300;

/**
 * Holds parts of a package back until there are as many as are hashed together: made one after the
 * other, each would be hashed by itself, which takes three times as long.
 */
export class HashTogether {
  #held: (() => void)[] = [];
  #soon: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Settles when the part is to be hashed: in a moment, unless the next one is said to be in the making. */
  async hold(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#soon ??= setImmediate(() => { this.letGo(); });
      if (this.#held.push(resolve) === lanes) this.letGo();
    });
  }

  /** Another part is in the making, and waits for nothing but its bytes. */
  more(): void {
    clearImmediate(this.#soon);
    this.#soon = undefined;
    if (this.#held.length > 0) this.#timer ??= setTimeout(() => { this.letGo(); }, patienceMs);
  }

  letGo(): void {
    clearImmediate(this.#soon);
    clearTimeout(this.#timer);
    this.#soon = undefined;
    this.#timer = undefined;
    for (const go of this.#held.splice(0)) go();
  }
}
