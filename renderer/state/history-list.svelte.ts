import type { Bridge, HistoryFilesPage, HistoryFilter, HistoryFormat, HistoryOutcome, HistoryPage, HistoryRow, Reply } from '../../preload/contract.ts';
import type { Toasts } from './toasts.svelte.ts';

const pageLength = 100;
// Many small files may end within a second.
const reloadAfterMs = 300;

/** The part of the history that was looked at so far; main has all of it. */
export class HistoryList {
  readonly #bridge: Bridge;
  readonly #toasts: Toasts;
  #filter = $state.raw<HistoryFilter>({ search: '', outcome: null });
  #page = $state.raw<HistoryPage | null>(null);
  #asked = 0;
  #loading = false;
  #reloading: ReturnType<typeof setTimeout> | null = null;

  constructor(bridge: Bridge, toasts: Toasts) {
    this.#bridge = bridge;
    this.#toasts = toasts;
  }

  /** Looks at it from the top, and again whenever it changes; answers how to stop. */
  open(): () => void {
    void this.#load(pageLength);
    return this.#bridge.on('history', () => {
      this.#reloading ??= setTimeout(() => {
        this.#reloading = null;
        void this.#load(Math.max(pageLength, this.rows.length));
      }, reloadAfterMs);
    });
  }

  get search(): string {
    return this.#filter.search;
  }

  get outcome(): HistoryOutcome | null {
    return this.#filter.outcome;
  }

  get rows(): readonly HistoryRow[] {
    return this.#page?.rows ?? [];
  }

  /** How many rows the filter finds, and how many there are; null until main has answered. */
  get figures(): { readonly found: number; readonly count: number } | null {
    return this.#page;
  }

  find(filter: Partial<HistoryFilter>): void {
    this.#filter = { ...this.#filter, ...filter };
    void this.#load(pageLength);
  }

  /** A page of a folder's files that the filter finds; null where it could not be had. */
  async files(folderId: string, offset: number): Promise<HistoryFilesPage | null> {
    const reply = await this.#bridge.historyFiles({ ...this.#filter, folderId, offset, limit: pageLength });
    return this.#told(reply) ? reply.value : null;
  }

  /** The next page, once the end of what is there comes into sight. */
  async more(): Promise<void> {
    const page = this.#page;
    if (!page || this.#loading || page.rows.length >= page.found) return;
    this.#loading = true;
    const reply = await this.#bridge.history({ ...this.#filter, offset: page.rows.length, limit: pageLength });
    this.#loading = false;
    // What has changed meanwhile is being loaded from the top.
    if (reply.ok && this.#page === page) this.#page = { ...reply.value, rows: [...page.rows, ...reply.value.rows] };
  }

  async save(format: HistoryFormat): Promise<void> {
    const reply = await this.#bridge.exportHistory(format, this.#filter);
    if (this.#told(reply) && reply.value) this.#toasts.done('saved');
  }

  async clear(): Promise<void> {
    this.#told(await this.#bridge.clearHistory());
  }

  async uploadAgain(rowId: string): Promise<boolean> {
    return this.#told(await this.#bridge.uploadAgain(rowId));
  }

  async showSource(rowId: string): Promise<void> {
    this.#told(await this.#bridge.showHistorySource(rowId));
  }

  async copyUrl(entryId: string): Promise<void> {
    if (this.#told(await this.#bridge.copyHistoryUrl(entryId))) this.#toasts.done('copied');
  }

  async #load(limit: number): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const reply = await this.#bridge.history({ ...this.#filter, offset: 0, limit });
    // An answer to an earlier search may come later.
    if (asked !== this.#asked) return;
    if (this.#told(reply)) this.#page = reply.value;
  }

  /** A refusal is shown; says whether there was none. */
  #told<T>(reply: Reply<T>): reply is Extract<Reply<T>, { ok: true }> {
    if (!reply.ok) this.#toasts.problem(reply.problem);
    return reply.ok;
  }
}
