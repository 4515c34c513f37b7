import { tick } from 'svelte';
import type { UploadView } from '../../preload/contract.ts';
import type { WindowContext } from './window-context.ts';

/** What moves as one: a source's queued uploads, or a single file of a folder. Never empty. */
export type QueueItem = readonly UploadView[];

/** What to ask of main. */
export interface QueueMove {
  readonly uploadIds: readonly string[];
  readonly beforeUploadId: string | null;
}

/** One place up (-1) or down (1); null at the end of the items. */
export function stepMove(items: readonly QueueItem[], index: number, by: -1 | 1): QueueMove | null {
  // One down is its neighbour one up, which needs nobody to know what comes after both.
  const [upper, lower] = by < 0 ? [items[index - 1], items[index]] : [items[index], items[index + 1]];
  return upper && lower ? before(lower, upper) : null;
}

/** In front of everything that is queued; null where it is there already. */
export function frontMove(items: readonly QueueItem[], moved: QueueItem): QueueMove | null {
  const [first] = items;
  return !first || first[0]?.id === moved[0]?.id ? null : before(moved, first);
}

/** In front of another item or behind it, as it was dropped there; null where it stays in its place. */
export function dropMove(items: readonly QueueItem[], from: number, target: number, behind: boolean): QueueMove | null {
  const moved = items[from];
  const to = target + (behind ? 1 : 0);
  if (!moved || to === from || to === from + 1) return null;
  const next = items[to];
  return next ? before(moved, next) : { uploadIds: moved.map((upload) => upload.id), beforeUploadId: null };
}

function before(moved: QueueItem, next: QueueItem): QueueMove {
  return { uploadIds: moved.map((upload) => upload.id), beforeUploadId: next[0]?.id ?? null };
}

/** Alt with an arrow key; 0 for any other key. */
export function stepOf(event: Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>): -1 | 0 | 1 {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return 0;
  return event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
}

/**
 * Moves a row in the queue and says where it stands now. The focus stays in the row: a browser
 * takes it from an element that changes its place, and a button may be gone at the new one.
 */
export async function moveRow(
  { store, words, announcer }: Pick<WindowContext, 'store' | 'words' | 'announcer'>,
  move: QueueMove | null,
  name: string,
  place: () => { readonly position: number; readonly count: number },
): Promise<void> {
  if (!move) return;
  const focused = document.activeElement;
  const row = focused?.closest('li');
  if (!(await store.move(move.uploadIds, move.beforeUploadId))) return;
  await tick();
  if (focused instanceof HTMLElement && row?.isConnected) {
    (focused.isConnected ? focused : row.querySelector<HTMLElement>('button:enabled'))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }
  const { position, count } = place();
  announcer.say(words.t('list.moved', { name, position: words.number(position), count }));
}
