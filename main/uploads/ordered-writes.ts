import { FerryError } from '../ferry-error.ts';
import { atMost } from './at-most.ts';

// Each holds a file open, and there may be more to write than a process may open.
const writtenAtOnce = 8;

/** Writes of one name go one after the other, those of different names a few at once. */
export class OrderedWrites {
  readonly #writing = new Map<string, Promise<void>>();
  readonly #inTurn = atMost(writtenAtOnce);

  /** Rejects with `settings-not-saved` for `file` where the write fails; the next ones go on. */
  add(name: string, file: string, write: () => Promise<void>): Promise<void> {
    const before = this.#writing.get(name) ?? Promise.resolve();
    const writing = before.then(() => this.#inTurn(write)).catch((error: unknown) => {
      throw new FerryError({ code: 'settings-not-saved', params: { file }, detail: (error as Error).message }, { cause: error });
    });
    const settled: Promise<void> = writing.catch(() => undefined).then(() => {
      if (this.#writing.get(name) === settled) this.#writing.delete(name);
    });
    this.#writing.set(name, settled);
    return writing;
  }

  /** Settles when everything asked of this name so far is on disk, or has failed. */
  async of(name: string): Promise<void> {
    await this.#writing.get(name);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#writing.values());
  }
}
