import type { Bridge, HistoryEntry, HistoryFormat, HistoryPage } from '../../preload/contract.ts';
import type { Toasts } from './toasts.svelte.ts';

const pageLength = 100;

/** The part of the history that was looked at so far; main has all of it. */
export class HistoryList {
  readonly #bridge: Bridge;
  readonly #toasts: Toasts;
  #search = $state('');
  #page = $state.raw<HistoryPage | null>(null);
  #asked = 0;
  #loading = false;

  constructor(bridge: Bridge, toasts: Toasts) {
    this.#bridge = bridge;
    this.#toasts = toasts;
  }

  /** Looks at it from the top, and again whenever it changes; answers how to stop. */
  open(): () => void {
    void this.#load(pageLength);
    return this.#bridge.on('history', () => void this.#load(Math.max(pageLength, this.entries.length)));
  }

  get search(): string {
    return this.#search;
  }

  get entries(): readonly HistoryEntry[] {
    return this.#page?.entries ?? [];
  }

  /** How many entries the search finds, and how many there are; null until main has answered. */
  get figures(): { readonly found: number; readonly count: number } | null {
    return this.#page;
  }

  find(search: string): void {
    this.#search = search;
    void this.#load(pageLength);
  }

  /** The next page, once the end of what is there comes into sight. */
  async more(): Promise<void> {
    const page = this.#page;
    if (!page || this.#loading || page.entries.length >= page.found) return;
    this.#loading = true;
    const reply = await this.#bridge.history({ search: this.#search, offset: page.entries.length, limit: pageLength });
    this.#loading = false;
    // What has changed meanwhile is being loaded from the top.
    if (reply.ok && this.#page === page) this.#page = { ...reply.value, entries: [...page.entries, ...reply.value.entries] };
  }

  async save(format: HistoryFormat): Promise<void> {
    const reply = await this.#bridge.exportHistory(format, this.#search);
    if (!reply.ok) this.#toasts.problem(reply.problem);
    else if (reply.value) this.#toasts.done('saved');
  }

  async clear(): Promise<void> {
    const reply = await this.#bridge.clearHistory();
    if (!reply.ok) this.#toasts.problem(reply.problem);
  }

  async #load(limit: number): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const reply = await this.#bridge.history({ search: this.#search, offset: 0, limit });
    // An answer to an earlier search may come later.
    if (asked !== this.#asked) return;
    if (reply.ok) this.#page = reply.value;
    else this.#toasts.problem(reply.problem);
  }
}
