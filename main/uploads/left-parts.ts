import type { Account } from '../credentials/account.ts';
import { abandonable } from './abandonable.ts';
import { discardParts, isOutOfReach, type DiscardDeps } from './discard-parts.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { Upload } from './upload.ts';

export interface LeftPartsOptions extends DiscardDeps {
  /** Takes an upload out of the journal. */
  readonly forget: (id: string, sourceId: string) => Promise<void>;
  readonly save: (upload: Upload) => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/**
 * Clears away, in the background, the parts of uploads that were given up. Until that is done they
 * stay in the journal, so that a crash does not turn them into litter.
 */
export class LeftParts {
  readonly #options: LeftPartsOptions;
  readonly #ofUploads = new Map<Upload, Promise<void>>();
  readonly #tasks = new Set<Promise<void>>();

  constructor(options: LeftPartsOptions) {
    this.#options = options;
  }

  /** Of an upload that is cancelled and has nothing running. */
  discard(upload: Upload): void {
    const { id, plan, multipart } = upload;
    if (!multipart || this.#ofUploads.has(upload)) return;
    const task = this.#discard({ ...plan, id, multipart }, plan.account, async () => {
      if (upload.multipart?.uploadId === multipart.uploadId) upload.multipart = null;
      await this.#options.save(upload);
    }).finally(() => { this.#ofUploads.delete(upload); });
    this.#ofUploads.set(upload, task);
  }

  /** Of an upload that is in no list. */
  discardEntry(entry: JournalEntry, account: Account): void {
    const { multipart } = entry;
    const forget = (): Promise<void> => this.#options.forget(entry.id, entry.source.id);
    if (multipart) void this.#discard({ ...entry, multipart }, account, forget);
    else void this.#track(forget().catch(this.#options.onProblem));
  }

  /** Settles when nothing of this upload is being discarded. Rejects with the signal's reason. */
  async discarded(upload: Upload, signal: AbortSignal): Promise<void> {
    await abandonable(this.#ofUploads.get(upload) ?? Promise.resolve(), signal);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#tasks);
  }

  #discard(given: Parameters<typeof discardParts>[0], account: Account, done: () => Promise<void>): Promise<void> {
    return this.#track((async () => {
      try {
        await discardParts(given, account, this.#options);
      } catch (error) {
        if (this.#options.signal.aborted) return;
        this.#options.onProblem(error);
        if (!isOutOfReach(error)) return;
      }
      await done().catch(this.#options.onProblem);
    })());
  }

  #track(task: Promise<void>): Promise<void> {
    const tracked = task.finally(() => { this.#tasks.delete(tracked); });
    this.#tasks.add(tracked);
    return tracked;
  }
}
