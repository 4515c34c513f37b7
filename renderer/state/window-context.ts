import { createContext } from 'svelte';
import type { Announcer } from './announcer.svelte.ts';
import type { FerryStore } from './ferry-store.svelte.ts';
import type { Questions } from './questions.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';
import type { Words } from './words.svelte.ts';

/** What every component of the window may use. */
export interface WindowContext {
  readonly store: FerryStore;
  readonly words: Words;
  readonly toasts: Toasts;
  readonly questions: Questions;
  readonly announcer: Announcer;
}

export const [useWindow, provideWindow] = createContext<WindowContext>();
