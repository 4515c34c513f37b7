import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import {
  ACTION_ITEMS_LENGTH_CHANGE, createContainerDriver, createListLayout, createVirtualStore, UPDATE_SCROLL_EVENT, UPDATE_VIRTUAL_STATE,
} from 'virtua/unstable_core';
import { RowSlots } from './row-slots.ts';

// Most are; virtua's own guess, by those that are built first, may be one by headings or by failures.
const usualRowPx = 68;

/** A row that is on the page. */
export interface MountedRow<T> {
  /** Whoever has the same is shown by the same elements. */
  readonly slot: number;
  readonly index: number;
  readonly item: T;
  readonly topPx: number;
}

export interface RowWindowOptions<T> {
  readonly items: () => readonly T[];
  readonly idOf: (item: T) => string;
  /** Indexes, in their order, of those that are on the page although they are out of sight. */
  readonly alwaysThere: () => readonly number[];
  /** Whether the elements of what is gone are given to nobody else. */
  readonly keeps: (id: string) => boolean;
  /** Whether its elements may not be moved in the document. */
  readonly pinned: (id: string) => boolean;
  readonly onScroll: (scrolledPx: number) => void;
}

/**
 * Of many rows of any height, those in sight. virtua measures and finds them, as its own component
 * for Svelte has it do; that one builds each row anew, here they inherit each other's elements.
 * To be made while a component is.
 */
export class RowWindow<T> {
  readonly #options: RowWindowOptions<T>;
  readonly #layout;
  readonly #store;
  readonly #driver;
  readonly #slots = new RowSlots();
  #version: number;
  #rows: readonly MountedRow<T>[];
  readonly #totalPx: number;
  #before: readonly MountedRow<T>[] = [];
  #most = 0;

  constructor(options: RowWindowOptions<T>) {
    this.#options = options;
    this.#layout = createListLayout(options.items().length, usualRowPx);
    this.#store = createVirtualStore(this.#layout);
    this.#driver = createContainerDriver(this.#store, this.#layout, false);
    this.#version = $state(this.#store.$getStateVersion());
    this.#rows = $derived(this.#mounted(this.#version));
    this.#totalPx = $derived(this.#version && this.#store.$getTotalSize());
    this.#store.$subscribe(UPDATE_VIRTUAL_STATE, () => (this.#version = this.#store.$getStateVersion()));
    this.#store.$subscribe(UPDATE_SCROLL_EVENT, () => options.onScroll(this.#store.$getScrollOffset()));
    $effect.pre(() => this.#store.$update(ACTION_ITEMS_LENGTH_CHANGE, options.items().length, false));
    $effect(() => {
      if (this.#version) this.#driver.$effect();
    });
  }

  /** In the order of the items. */
  get rows(): readonly MountedRow<T>[] {
    return this.#rows;
  }

  get totalPx(): number {
    return this.#totalPx;
  }

  /** For the element around the rows, whose parent scrolls. */
  readonly container: Attachment<HTMLElement> = (element) => {
    let isGone = false;
    void tick().then(() => {
      if (!isGone) this.#driver.$observe(element);
    });
    return () => {
      isGone = true;
      this.#store.$dispose();
      this.#driver.$dispose();
    };
  };

  /** For the element of the row at this place. */
  readonly measured = (index: number): Attachment<HTMLElement> => (element) => this.#driver.$observeItem(element, index);

  indexAt(scrolledPx: number): number {
    return this.#layout.$findIndex(scrolledPx);
  }

  scrollTo(index: number): void {
    void this.#driver.$scroll(index, { align: 'center' });
  }

  #mounted(_version: number): readonly MountedRow<T>[] {
    const { items, idOf, alwaysThere, keeps, pinned } = this.#options;
    const all = items();
    const there = this.#indexes(Math.min(all.length, this.#layout.$getLength()), alwaysThere()).flatMap((index) => {
      const item = all[index];
      return item === undefined ? [] : [{ index, item }];
    });
    const slots = this.#slots.assign(there.map(({ item }) => idOf(item)), keeps, pinned);
    this.#before = there.map(({ index, item }, at) => this.#row(slots[at] ?? 0, index, item));
    return this.#before;
  }

  /** What has not changed stays the same object, so that nothing is looked at again. */
  #row(slot: number, index: number, item: T): MountedRow<T> {
    const topPx = this.#store.$getItemOffset(index);
    const before = this.#before.find((row) => row.slot === slot);
    return before?.item === item && before.index === index && before.topPx === topPx ? before : { slot, index, item, topPx };
  }

  #indexes(length: number, alwaysThere: readonly number[]): readonly number[] {
    let [start, end] = this.#store.$getRange();
    // Never fewer than there were: a row that is taken away is built anew when the next one comes.
    this.#most = Math.max(this.#most, end - start + 1);
    end = Math.min(length - 1, Math.max(end, start + this.#most - 1));
    start = Math.max(0, Math.min(start, end - this.#most + 1));
    const indexes = alwaysThere.filter((index) => index < start);
    for (let index = start; index <= end; index++) indexes.push(index);
    return indexes.concat(alwaysThere.filter((index) => index > end && index < length));
  }
}
