import { randomUUID } from 'node:crypto';
import type { Removal } from '../../preload/contract.ts';
import type { Engine } from './engine.ts';
import type { TakenOff } from './upload-list.ts';

// Long enough to see what one has done, read the offer and take it.
const usualUndoMs = 10_000;

/**
 * Takes what is finished off the list, and lets it be forgotten only once that cannot be undone any
 * more. Until then the journal and the bucket keep what they have: a crash brings it back.
 */
export class Removals {
  readonly #engine: Pick<Engine, 'list' | 'forget'>;
  readonly #undoMs: number;
  readonly #pending = new Map<string, { readonly taken: TakenOff; readonly timer: NodeJS.Timeout }>();

  constructor(engine: Pick<Engine, 'list' | 'forget'>, undoMs = usualUndoMs) {
    this.#engine = engine;
    this.#undoMs = undoMs;
  }

  /** Takes off all that is finished, or of that only these uploads and sources. */
  remove(only: { readonly uploadIds: ReadonlySet<string>; readonly sourceIds: ReadonlySet<string> } | null): Removal {
    const taken = this.#engine.list.takeOff((upload) => only?.uploadIds.has(upload.id) ?? true, (source) => only?.sourceIds.has(source.id) ?? true);
    const id = randomUUID();
    const timer = setTimeout(() => { this.#forget(id); }, this.#undoMs);
    timer.unref();
    this.#pending.set(id, { taken, timer });
    return { id, count: taken.sources.size, undoMs: this.#undoMs };
  }

  undo(id: string): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    this.#engine.list.putBack(pending.taken);
  }

  /** Nothing can be undone any more: the app is quitting, or a key that cleans up is about to go. */
  settle(): void {
    for (const id of [...this.#pending.keys()]) this.#forget(id);
  }

  #forget(id: string): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    clearTimeout(pending.timer);
    this.#pending.delete(id);
    this.#engine.forget(pending.taken);
  }
}
