import { createContext } from 'svelte';
import type { ListView } from './list-view.svelte.ts';
import type { CommandTarget } from './row-commands.ts';

/** What the rows of the list share. */
export interface ListContext {
  readonly view: ListView;
  /** Opens the menu of what can be done, at a point of the window. */
  readonly openMenu: (target: CommandTarget, at: { readonly x: number; readonly y: number }) => void;
}

export const [useList, provideList] = createContext<ListContext>();
