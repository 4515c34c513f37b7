import type { SourceGroup } from './upload-list.ts';

/** In the order they are said; `queued` as in the list's headings, but for what a person has paused. */
export const countedStates = ['active', 'queued', 'paused', 'failed', 'done'] as const;

/** How many rows of the list are in each state: the same figures as its headings have, whatever the rows hold. */
export function rowCounts(groups: readonly SourceGroup[]): Readonly<Record<(typeof countedStates)[number], number>> {
  const counts = { active: 0, queued: 0, paused: 0, failed: 0, done: 0 };
  for (const { state, summary } of groups) {
    if (state === 'queued' && summary.phase === 'paused') counts.paused += 1;
    else if (state !== 'cancelled') counts[state] += 1;
  }
  return counts;
}
