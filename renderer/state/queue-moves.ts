import { tick } from 'svelte';
import type { UploadView } from '../../preload/contract.ts';
import { isKey, type Pressed } from './keys.ts';
import type { SourceGroup } from './upload-list.ts';
import type { WindowContext } from './window-context.ts';

/** What moves as one: a source's queued uploads, or a single file of a folder. Never empty. */
export type QueueItem = readonly UploadView[];

/** What to ask of main. */
export interface QueueMove {
  readonly uploadIds: readonly string[];
  readonly beforeUploadId: string | null;
}

/** One place up (-1) or down (1), several together; null at the end of the items. */
export function stepMove(items: readonly QueueItem[], indexes: readonly number[], by: -1 | 1): QueueMove | null {
  const [first = -1, last = -1] = [indexes[0], indexes.at(-1)];
  const moved = itemsAt(items, indexes);
  const neighbour = by < 0 ? items[first - 1] : items[last + 1];
  if (!moved[0] || !neighbour) return null;
  if (by < 0) return before(moved, neighbour);
  // One down is the neighbour one up, which needs nobody to know what comes after both.
  return last - first === indexes.length - 1 ? before(neighbour, moved) : { uploadIds: moved.map(({ id }) => id), beforeUploadId: items[last + 2]?.[0]?.id ?? null };
}

/** In front of everything that is queued; null where it is there already. */
export function frontMove(items: readonly QueueItem[], moved: QueueItem): QueueMove | null {
  const [first] = items;
  return !first || first[0]?.id === moved[0]?.id ? null : before(moved, first);
}

/** In front of another item or behind it, several together, as they were dropped there; null where they stay in their places. */
export function dropMove(items: readonly QueueItem[], from: readonly number[], target: number, behind: boolean): QueueMove | null {
  const to = target + (behind ? 1 : 0);
  const [first = -1, last = -1] = [from[0], from.at(-1)];
  const together = last - first === from.length - 1;
  if (first < 0 || (together && to >= first && to <= last + 1)) return null;
  const moved = new Set(from);
  const next = items.find((_, index) => index >= to && !moved.has(index));
  return next ? before(itemsAt(items, from), next) : { uploadIds: itemsAt(items, from).map(({ id }) => id), beforeUploadId: null };
}

/** Of items of a queue, by their places. */
const itemsAt = (items: readonly QueueItem[], indexes: readonly number[]): QueueItem => indexes.flatMap((index) => items[index] ?? []);

function before(moved: QueueItem, next: QueueItem): QueueMove {
  return { uploadIds: moved.map((upload) => upload.id), beforeUploadId: next[0]?.id ?? null };
}

/** A row that has its place in the queue and nothing under way. */
export const isMovable = ({ state, source }: SourceGroup): boolean => state === 'queued' && source.phase !== 'reading';

/** Where those rows that can be moved stand in the queue. */
export function placesOf(moved: readonly SourceGroup[], queue: readonly SourceGroup[]): readonly number[] {
  const ids = new Set(moved.filter(isMovable).map(({ source }) => source.id));
  return queue.flatMap(({ source }, index) => (ids.has(source.id) ? index : []));
}

/** One place up (-1) or down (1) in the queue; 0 for any other key. */
export const stepOf = (pressed: Pressed): -1 | 0 | 1 => (isKey(pressed, 'earlier') ? -1 : isKey(pressed, 'later') ? 1 : 0);

/**
 * Moves rows in the queue and says where they stand now. The focus stays in the row: a browser
 * takes it from an element that changes its place, and a button may be gone at the new one.
 */
export async function moveRow(
  { store, words, announcer }: Pick<WindowContext, 'store' | 'words' | 'announcer'>,
  move: QueueMove | null,
  /** What is moved: its name, or how many rows. */
  moved: string | number,
  place: () => { readonly position: number; readonly count: number },
): Promise<void> {
  if (!move) return;
  const focused = document.activeElement;
  const row = focused?.closest<HTMLElement>('li, [role=row]');
  if (!(await store.move(move.uploadIds, move.beforeUploadId))) return;
  await tick();
  if (focused instanceof HTMLElement && row?.isConnected) {
    const kept = focused.isConnected ? focused : row.tabIndex === 0 ? row : row.querySelector<HTMLElement>('button:enabled');
    kept?.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }
  const { position, count } = place();
  const at = words.number(position);
  announcer.say(typeof moved === 'number' ? words.t('queue.movedMany', { count: moved, position: at }) : words.t('list.moved', { name: moved, position: at, count }));
}
