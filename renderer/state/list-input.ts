import { isKey } from './keys.ts';
import { isHeading } from './list-items.ts';
import type { ListView } from './list-view.svelte.ts';
import { stepOf } from './queue-moves.ts';
import { rowsTarget, type CommandTarget } from './row-commands.ts';
import { Selection } from './selection.ts';
import type { SourceGroup } from './upload-list.ts';

export interface ListInputOptions {
  readonly view: ListView;
  /** Puts the keyboard into the row at this place of the items. */
  readonly focusRow: (index: number) => void;
  readonly openMenu: (target: CommandTarget, at: { readonly x: number; readonly y: number }) => void;
  /** One place up or down in the queue, where it has one. */
  readonly move: (group: SourceGroup, by: -1 | 1) => void;
  readonly remove: (target: CommandTarget) => void;
}

/** What a click on these means is theirs, not the row's. */
const ownClicks = 'button, summary, a, input, label, .selectable, [data-apart]';

const withCommand = (event: MouseEvent | KeyboardEvent): boolean => event.ctrlKey || event.metaKey;

/** What mouse and keyboard do in the list: select rows, lead from one to the next, unfold them and open their menu. */
export class ListInput {
  readonly #options: ListInputOptions;

  constructor(options: ListInputOptions) {
    this.#options = options;
  }

  readonly click = (event: MouseEvent): void => {
    const { view } = this.#options;
    const { group, index, element } = this.#rowOf(event.target);
    if (!group || !(event.target instanceof Element) || event.target.closest(ownClicks)) return;
    const { id } = group.source;
    if (event.shiftKey) view.selection = view.selection.extended(view.order(), id, view.activeId);
    else if (withCommand(event)) view.selection = view.selection.toggled(id);
    else view.selection = Selection.only(id);
    view.activeId = id;
    if (element) this.#options.focusRow(index);
  };

  readonly doubleClick = (event: MouseEvent): void => {
    const { group } = this.#rowOf(event.target);
    if (group && event.target instanceof Element && !event.target.closest(ownClicks)) this.#unfold(group, !this.#options.view.unfolded.has(group.source.id));
  };

  readonly contextMenu = (event: MouseEvent): void => {
    const { group, element } = this.#rowOf(event.target);
    if (!group) return;
    event.preventDefault();
    this.#options.view.activeId = group.source.id;
    // The menu key has no place of its own.
    if (event.button === 2) this.#menu(group, { x: event.clientX, y: event.clientY });
    else this.#menuBelow(group, element);
  };

  readonly keydown = (event: KeyboardEvent): void => {
    const { view } = this.#options;
    const { group, index, element } = this.#rowOf(event.target);
    if (!group || (event.target instanceof Element && event.target.closest('[data-apart]'))) return;
    const onRow = event.target === element;
    const { id } = group.source;
    const by = stepOf(event);
    if (by !== 0) this.#options.move(group, by);
    else if (isKey(event, 'menu')) this.#menuBelow(group, element);
    else if (isKey(event, 'down') || isKey(event, 'extendDown')) this.#step(index, 1, event.shiftKey);
    else if (isKey(event, 'up') || isKey(event, 'extendUp')) this.#step(index, -1, event.shiftKey);
    else if (isKey(event, 'first') || isKey(event, 'extendToFirst')) this.#step(-1, 1, event.shiftKey);
    else if (isKey(event, 'last') || isKey(event, 'extendToLast')) this.#step(view.items.length, -1, event.shiftKey);
    else if (isKey(event, 'remove')) this.#options.remove(rowsTarget(view.actedOn(group)));
    else if (onRow && isKey(event, 'select')) view.selection = view.selection.toggled(id);
    else if (onRow && isKey(event, 'fold')) this.#unfold(group, !view.unfolded.has(id));
    else if (onRow && isKey(event, 'unfold')) this.#unfold(group, true);
    else if (onRow && isKey(event, 'foldUp')) this.#unfold(group, false);
    else return;
    event.preventDefault();
  };

  /** To the next row from this place of the items on, over headings. */
  #step(index: number, by: 1 | -1, extending: boolean): void {
    const { view, focusRow } = this.#options;
    for (let at = index + by; at >= 0 && at < view.items.length; at += by) {
      const item = view.items[at];
      if (!item || isHeading(item)) continue;
      if (extending) view.selection = view.selection.extended(view.order(), item.source.id, view.activeId);
      focusRow(at);
      return;
    }
  }

  #unfold(group: SourceGroup, open: boolean): void {
    if (group.uploads.length > 0) this.#options.view.unfold(group.source.id, open);
  }

  #menuBelow(group: SourceGroup, element: Element | null): void {
    const box = element?.getBoundingClientRect();
    this.#menu(group, { x: (box?.left ?? 0) + 70, y: (box?.top ?? 0) + 44 });
  }

  #menu(group: SourceGroup, at: { readonly x: number; readonly y: number }): void {
    const { view, openMenu } = this.#options;
    openMenu(rowsTarget(view.actedOn(group), () => this.#unfold(group, true)), at);
  }

  #rowOf(target: EventTarget | null): { readonly group: SourceGroup | null; readonly index: number; readonly element: Element | null } {
    const { view } = this.#options;
    const element = target instanceof Element ? target.closest('[data-source-id]') : null;
    const id = element?.getAttribute('data-source-id') ?? null;
    const index = id === null ? -1 : view.items.findIndex((item) => !isHeading(item) && item.source.id === id);
    const item = view.items[index];
    return { group: item && !isHeading(item) ? item : null, index, element };
  }
}
