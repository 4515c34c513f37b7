import { randomUUID } from 'node:crypto';
import type { Problem } from '../../preload/contract.ts';
import { abandonable } from '../abandonable.ts';
import type { Account } from '../credentials/account.ts';
import type { TemporaryCredential } from '../credentials/temporary-credential.ts';
import { toProblem } from '../ferry-error.ts';
import { discardParts, isOutOfReach, type Discardable, type DiscardDeps } from './discard-parts.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { Upload } from './upload.ts';

export interface LeftPartsOptions extends DiscardDeps {
  /** Takes an upload out of the journal. */
  readonly forget: (id: string, sourceId: string) => Promise<void>;
  readonly save: (upload: Upload) => Promise<void>;
  readonly write: (entry: JournalEntry) => Promise<void>;
  readonly onProblem: (error: unknown) => void;
  readonly isListed: (upload: Upload) => boolean;
  /** Parts of this upload stay in the bucket, at least until the next start: it says so. */
  readonly onPartsLeft: (upload: Upload) => void;
}

/**
 * Clears away, in the background, the parts of uploads that were given up. Until that is done they
 * stay in the journal, so that a crash does not turn them into litter.
 */
export class LeftParts {
  readonly #options: LeftPartsOptions;
  readonly #ofUploads = new Map<Upload, Promise<void>>();
  readonly #tasks = new Set<Promise<void>>();
  /** What was told of the parts that an upload would go on with. */
  readonly #toldOfOwn = new WeakSet<Problem>();

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
    }, (error) => {
      this.#tell(upload, error);
      if (upload.partsLeft) this.#toldOfOwn.add(upload.partsLeft);
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

  /**
   * Of an upload that goes on or has ended without them: under an entry and a credential of their own,
   * `entry` being the upload's with those parts. Settles when that is in the journal.
   */
  async takeOver(upload: Upload, entry: JournalEntry & Discardable, able: TemporaryCredential): Promise<void> {
    const own = { ...entry, id: randomUUID(), intent: 'cancelled', failure: null } as const;
    void this.#options.begun.keep(own.id, able);
    const written = this.#options.write(own);
    // At once, for the credential may have moments to live.
    void this.#discard(own, upload.plan.account, () => this.#options.forget(own.id, own.source.id), (error) => {
      const hasEnded = upload.state.phase === 'cancelled' || upload.state.phase === 'failed';
      if (hasEnded || !this.#options.isListed(upload)) {
        this.#tell(upload, error);
        return;
      }
      const { code: _code, ...why } = toProblem(error);
      upload.partsLeft = { ...why, code: 'parts-left' };
      this.#options.onPartsLeft(upload);
    });
    await written;
  }

  /** Settles when nothing of this upload is being discarded. Rejects with the signal's reason. */
  async discarded(upload: Upload, signal: AbortSignal): Promise<void> {
    const discarding = this.#ofUploads.get(upload);
    if (discarding) await abandonable(discarding, signal);
    // What could not be aborted is gone on with.
    if (upload.multipart && upload.partsLeft && this.#toldOfOwn.has(upload.partsLeft)) upload.partsLeft = null;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#tasks);
  }

  /** In its row, or, where that is gone, as a problem of its own. */
  #tell(upload: Upload, error: unknown): void {
    const { isListed, onPartsLeft, onProblem } = this.#options;
    if (!isListed(upload)) {
      onProblem(error);
      return;
    }
    upload.partsLeft = { ...toProblem(error), code: 'abort-failed' };
    onPartsLeft(upload);
  }

  #discard(given: Discardable, account: Account, done: () => Promise<void>, onFailed = this.#options.onProblem): Promise<void> {
    return this.#track((async () => {
      try {
        await discardParts(given, account, this.#options);
      } catch (error) {
        if (this.#options.signal.aborted) return;
        onFailed(error);
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
