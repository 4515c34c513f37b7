import type { Totals } from '../../preload/contract.ts';
import type { SourceGroup } from './upload-list.ts';

/** What has become of uploads since it was told last. */
export interface UploadNews {
  readonly started: readonly SourceGroup[];
  readonly finished: readonly SourceGroup[];
  readonly failed: readonly SourceGroup[];
  /** The quarter that was passed of all that is to be sent, 0 to 1; null where none was, or nothing is unfinished. */
  readonly progress: number | null;
}

/**
 * Follows the list and gathers what starts and how it ends. What stood there at the first look is
 * no news, nor is what was cancelled: the person knows.
 */
export class NewsWatch {
  readonly #present = new Map<string, SourceGroup>();
  /** What is put back on the list was told when it ended. */
  readonly #past = new Set<string>();
  readonly #gathered = new Map<string, { readonly kind: 'started' | 'finished' | 'failed'; readonly group: SourceGroup }>();
  #hasLooked = false;
  /** The highest `change` of what was looked at. */
  #seen = 0;
  #quarter = 0;
  #quarterTold = 0;

  /** Takes in how the list is now; true where there is something to tell. */
  look(groups: readonly SourceGroup[], totals: Totals): boolean {
    const seen = this.#seen;
    for (const group of groups) if (group.change > seen) this.#lookAt(group);
    if (this.#present.size > groups.length) this.#forgetAllBut(new Set(groups.map(({ source }) => source.id)));
    this.#hasLooked = true;
    // All of it is told as the end.
    this.#quarter = totals.unfinished === 0 ? 0 : Math.min(3, Math.floor((totals.fraction ?? 0) * 4));
    this.#quarterTold = Math.min(this.#quarterTold, this.#quarter);
    return this.#gathered.size > 0 || this.#quarter > this.#quarterTold;
  }

  /** What was gathered, which counts as told from then on. */
  take(): UploadNews {
    const all = [...this.#gathered.values()];
    const of = (wanted: string) => all.filter(({ kind }) => kind === wanted).map(({ group }) => group);
    const progress = this.#quarter > this.#quarterTold ? this.#quarter / 4 : null;
    this.#quarterTold = this.#quarter;
    this.#gathered.clear();
    return { started: of('started'), finished: of('finished'), failed: of('failed'), progress };
  }

  #lookAt(group: SourceGroup): void {
    const { id } = group.source;
    const before = this.#present.get(id);
    this.#present.set(id, group);
    this.#seen = Math.max(this.#seen, group.change);
    if (!this.#hasLooked) return;
    if (!isOver(group)) {
      if (!before || isOver(before)) this.#gathered.set(id, { kind: 'started', group });
    } else if (group.state === 'cancelled') this.#gathered.delete(id);
    else if (before ? endedAnew(before, group) : !this.#past.has(id)) this.#gathered.set(id, { kind: group.state === 'done' ? 'finished' : 'failed', group });
  }

  #forgetAllBut(ids: ReadonlySet<string>): void {
    for (const id of this.#present.keys()) {
      if (ids.has(id)) continue;
      this.#present.delete(id);
      this.#gathered.delete(id);
      this.#past.add(id);
    }
  }
}

const isOver = ({ state }: SourceGroup): boolean => state === 'done' || state === 'failed' || state === 'cancelled';

/** A retry may fail faster than the list is sent, so that only its time is new, or the source itself where it has no uploads. */
function endedAnew(before: SourceGroup, { source, summary }: SourceGroup): boolean {
  return !isOver(before)
    || (summary.finishedAtMs ?? 0) > (before.summary.finishedAtMs ?? 0)
    || (source.phase === 'failed' && before.source !== source);
}
