import type { SourceView, Totals, UploadView, UploadsDelta, UploadsPiece } from '../../preload/contract.ts';
import { firstIndexWithout } from './first-index.ts';
import { isQueued, summarize, type Summary } from './summary.ts';

/** Where a row stands in the list, in the order of its groups. */
export const rowStates = ['failed', 'active', 'queued', 'done', 'cancelled'] as const;
export type RowState = (typeof rowStates)[number];
export const isRowState = (text: string): text is RowState => (rowStates as readonly string[]).includes(text);
const rankOf = Object.fromEntries(rowStates.map((state, index) => [state, index])) as Readonly<Record<RowState, number>>;

/** A source with its uploads, in the order they are shown: failed, in progress, queued, finished. */
export interface SourceGroup {
  readonly source: SourceView;
  readonly state: RowState;
  readonly uploads: readonly UploadView[];
  readonly summary: Summary;
  /** Those that wait or are paused, the next one first. */
  readonly queued: readonly UploadView[];
  /** The place of the first of them in the queue; Infinity where there is none. */
  readonly queuedFrom: number;
  /** The place of the first unfinished one; Infinity where there is none. */
  readonly unfinishedFrom: number;
  /** Which change of the list made it, counted from 1: what has a higher one than a moment's highest has changed since. */
  readonly change: number;
}

interface Entry {
  source: SourceView | null;
  readonly uploads: Map<string, UploadView>;
  /** null until it is shown. */
  group: SourceGroup | null;
  /** How many came before it. */
  readonly since: number;
}

type Shown = Entry & { readonly group: SourceGroup };

/**
 * The list as the deltas build it up. A group is a new object exactly when something in it changed.
 * Uploads come in the order of the queue, and `move` follows what main was asked for.
 */
export class UploadList {
  readonly #entries = new Map<string, Entry>();
  readonly #sourceIdOf = new Map<string, string>();
  /** By upload id. A view does not say its place, so the list remembers it. */
  #places = new Map<string, number>();
  #lastPlace = 0;

  /** In the order they are shown. */
  #shown: readonly Shown[] = [];
  #lastSince = 0;
  #change = 0;
  /** What was taken in and is not shown yet. */
  #touched = new Set<Entry>();
  #gone = new Set<Entry>();
  /** Of a delta that is not whole yet. */
  #pieces: UploadsPiece[] = [];
  #totals: Totals = { unfinished: 0, done: 0, failed: 0, paused: 0, fraction: null, bytesPerSecond: 0, secondsLeft: null };

  /** As main last told them. */
  get totals(): Totals {
    return this.#totals;
  }

  /** Takes a delta in and answers what `shown` does. */
  apply(delta: UploadsDelta): readonly SourceGroup[] {
    this.#take(delta);
    return this.shown();
  }

  /** Takes a part of a delta in; true where that makes it whole: then `shown` has it. */
  take(piece: UploadsPiece): boolean {
    this.#pieces.push(piece);
    if (piece.more) return false;
    for (const each of this.#pieces.splice(0)) this.#take(each);
    return true;
  }

  /** The whole list with all that was taken in, in the order of its groups. */
  shown(): readonly SourceGroup[] {
    const [touched, gone] = [this.#touched, this.#gone];
    this.#touched = new Set();
    this.#gone = new Set();
    return this.#renewed(touched, gone);
  }

  /** Forgets everything and starts from a whole list. */
  replace(whole: UploadsDelta): readonly SourceGroup[] {
    this.#entries.clear();
    this.#sourceIdOf.clear();
    this.#places.clear();
    this.#shown = [];
    this.#touched.clear();
    this.#gone.clear();
    this.#pieces = [];
    return this.apply(whole);
  }

  /** Puts uploads in front of another one, or at the end of the queue. */
  move(uploadIds: readonly string[], beforeUploadId: string | null): readonly SourceGroup[] {
    const moved = new Set(uploadIds);
    const ids = [...this.#places].filter(([id]) => !moved.has(id)).sort(([, a], [, b]) => a - b).map(([id]) => id);
    const at = beforeUploadId === null ? -1 : ids.indexOf(beforeUploadId);
    ids.splice(at < 0 ? ids.length : at, 0, ...uploadIds.filter((id) => this.#places.has(id)));
    this.#places = new Map(ids.map((id, index) => [id, index + 1]));
    this.#lastPlace = ids.length;
    this.#touched = new Set(this.#entries.values());
    return this.shown();
  }

  #take(delta: UploadsDelta): void {
    this.#totals = delta.totals;
    for (const source of delta.sources) {
      const entry = this.#entry(source.id);
      entry.source = source;
      this.#touched.add(entry);
    }
    for (const upload of delta.uploads) {
      const entry = this.#entry(upload.sourceId);
      entry.uploads.set(upload.id, upload);
      this.#touched.add(entry);
      this.#sourceIdOf.set(upload.id, upload.sourceId);
      if (!this.#places.has(upload.id)) this.#places.set(upload.id, ++this.#lastPlace);
    }
    for (const uploadId of delta.removedUploadIds) {
      const entry = this.#removeUpload(uploadId);
      if (entry) this.#touched.add(entry);
    }
    for (const sourceId of delta.removedSourceIds) {
      const entry = this.#removeSource(sourceId);
      if (entry) this.#gone.add(entry);
    }
  }

  #entry(sourceId: string): Entry {
    let entry = this.#entries.get(sourceId);
    if (!entry) {
      entry = { source: null, uploads: new Map(), group: null, since: ++this.#lastSince };
      this.#entries.set(sourceId, entry);
    }
    return entry;
  }

  #removeUpload(uploadId: string): Entry | undefined {
    const sourceId = this.#sourceIdOf.get(uploadId);
    const entry = sourceId === undefined ? undefined : this.#entries.get(sourceId);
    if (!entry) return undefined;
    entry.uploads.delete(uploadId);
    this.#forget(uploadId);
    return entry;
  }

  #removeSource(sourceId: string): Entry | undefined {
    const entry = this.#entries.get(sourceId);
    for (const uploadId of entry?.uploads.keys() ?? []) this.#forget(uploadId);
    this.#entries.delete(sourceId);
    return entry;
  }

  #forget(uploadId: string): void {
    this.#sourceIdOf.delete(uploadId);
    this.#places.delete(uploadId);
  }

  /** Only what was touched is built anew, and only what changes its place is put into order: the rest may be ten thousand rows. */
  #renewed(touched: ReadonlySet<Entry>, gone: Set<Entry>): readonly SourceGroup[] {
    this.#change += 1;
    const displaced: Shown[] = [];
    for (const entry of touched) {
      if (!entry.source || gone.has(entry)) continue;
      const before = entry.group;
      entry.group = this.#group(entry.source, entry.uploads.values());
      if (before && standsAlike(before, entry.group)) continue;
      displaced.push(entry as Shown);
      gone.add(entry);
    }
    if (gone.size > 0) {
      const kept = this.#shown.filter((entry) => !gone.has(entry));
      this.#shown = merged(kept, displaced.sort(inShownOrder));
    }
    return this.#shown.map(({ group }) => group);
  }

  #group(source: SourceView, views: Iterable<UploadView>): SourceGroup {
    const place = (upload: UploadView | undefined) => (upload && this.#places.get(upload.id)) ?? Infinity;
    const failed: UploadView[] = [];
    const active: UploadView[] = [];
    const queued: UploadView[] = [];
    const finished: UploadView[] = [];
    let unfinishedFrom = Infinity;
    for (const upload of views) {
      if (upload.phase === 'failed') failed.push(upload);
      else if (upload.phase === 'done' || upload.phase === 'cancelled') finished.push(upload);
      else {
        (isQueued(upload.phase) ? queued : active).push(upload);
        unfinishedFrom = Math.min(unfinishedFrom, place(upload));
      }
    }
    queued.sort((a, b) => place(a) - place(b));
    const uploads = [...failed, ...active, ...queued, ...finished];
    const summary = summarize(uploads);
    return { source, state: stateOf(source, summary), uploads, summary, queued, queuedFrom: place(queued[0]), unfinishedFrom, change: this.#change };
  }
}

const isBeingSent = ({ state }: SourceGroup): boolean => state === 'active' || state === 'queued';

/** What was dropped together and is finished stays in the order it was sent in. */
function inShownOrder({ group: a, since }: Shown, { group: b, since: otherSince }: Shown): number {
  if (a.state !== b.state) return rankOf[a.state] - rankOf[b.state];
  if (!isBeingSent(a)) return b.source.addedAtMs - a.source.addedAtMs || since - otherSince;
  // Two folders that are being read are both Infinity, whose difference is no number.
  return a.unfinishedFrom === b.unfinishedFrom ? since - otherSince : a.unfinishedFrom - b.unfinishedFrom;
}

/** Whether nothing has changed by which `inShownOrder` goes. */
function standsAlike(a: SourceGroup, b: SourceGroup): boolean {
  return a.state === b.state && a.unfinishedFrom === b.unfinishedFrom && a.source.addedAtMs === b.source.addedAtMs;
}

/** Both in one order, each of them in order before. */
function merged(many: readonly Shown[], few: readonly Shown[]): readonly Shown[] {
  const pieces: (readonly Shown[])[] = [];
  let from = 0;
  for (const one of few) {
    const end = firstIndexWithout(from, many.length, (index) => {
      const other = many[index];
      return other !== undefined && inShownOrder(other, one) <= 0;
    });
    pieces.push(many.slice(from, end), [one]);
    from = end;
  }
  return pieces.concat([many.slice(from)]).flat();
}

function stateOf(source: SourceView, summary: Summary): RowState {
  if (source.phase === 'failed') return 'failed';
  // Its files come at the end of the queue.
  if (source.phase === 'reading') return 'queued';
  if (summary.unfinished > 0) return isQueued(summary.phase) ? 'queued' : 'active';
  if (summary.failed > 0) return 'failed';
  return summary.phase === 'cancelled' ? 'cancelled' : 'done';
}
