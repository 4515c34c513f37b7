import { SvelteSet } from 'svelte/reactivity';
import { isHeading, normalized, shownGroups, withHeadings, type ListFilter, type ListItem } from './list-items.ts';
import { Selection } from './selection.ts';
import type { SourceGroup } from './upload-list.ts';

/** How the list is looked at: its filter and search, what is selected and unfolded, and which row has the keyboard's turn. */
export class ListView {
  readonly unfolded = new SvelteSet<string>();
  selection = $state.raw(Selection.none);
  filter = $state<ListFilter>('all');
  search = $state('');
  #active = $state<string | null>(null);
  /** Where the active row stood when it became so: its neighbour takes over from one that goes. */
  #activeAt = 0;
  readonly #groups: () => readonly SourceGroup[];
  readonly #wanted = $derived(normalized(this.search));
  readonly #shown: readonly SourceGroup[] = $derived.by(() => shownGroups(this.#groups(), this.filter, this.#wanted));
  readonly #items = $derived(withHeadings(this.#shown));
  readonly #chosen = $derived(this.selection.ids.size === 0 ? [] : this.#shown.filter(({ source }) => this.selection.ids.has(source.id)));
  readonly #activeIndex = $derived.by(() => {
    const at = this.#active === null ? -1 : this.#indexOf(this.#active);
    if (at >= 0) return at;
    const next = this.#items.findIndex((item, index) => index >= this.#activeAt && !isHeading(item));
    return next >= 0 ? next : this.#items.findLastIndex((item) => !isHeading(item));
  });

  constructor(groups: () => readonly SourceGroup[]) {
    this.#groups = groups;
  }

  /** The search as it is compared; '' for none. */
  get wanted(): string {
    return this.#wanted;
  }

  /** The rows in sight of filter and search. */
  get shown(): readonly SourceGroup[] {
    return this.#shown;
  }

  /** The same with their headings. */
  get items(): readonly ListItem[] {
    return this.#items;
  }

  /** The rows that are selected and shown. */
  get chosen(): readonly SourceGroup[] {
    return this.#chosen;
  }

  /** The place of the row that Tab leads to; -1 where there is none. */
  get activeIndex(): number {
    return this.#activeIndex;
  }

  get activeId(): string | null {
    const item = this.#items[this.#activeIndex];
    return item && !isHeading(item) ? item.source.id : null;
  }

  set activeId(id: string | null) {
    this.#active = id;
    this.#activeAt = id === null ? 0 : Math.max(0, this.#indexOf(id));
  }

  /** The row that last had the keyboard, also when it has gone since. */
  isLastFocused(id: string): boolean {
    return this.#active === id;
  }

  /** What an action on this row is about: all that is selected, where it is among them. */
  actedOn(group: SourceGroup): readonly SourceGroup[] {
    return this.selection.ids.has(group.source.id) ? this.#chosen : [group];
  }

  order(): readonly string[] {
    return this.#shown.map(({ source }) => source.id);
  }

  unfold(id: string, open: boolean): void {
    if (open) this.unfolded.add(id);
    else this.unfolded.delete(id);
  }

  #indexOf(id: string): number {
    return this.#items.findIndex((item) => !isHeading(item) && item.source.id === id);
  }

  showAll(): void {
    this.filter = 'all';
    this.search = '';
  }
}
