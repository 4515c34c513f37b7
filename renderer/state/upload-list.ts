import type { SourceView, UploadView, UploadsDelta } from '../../preload/contract.ts';
import { isQueued, summarize, type Summary } from './summary.ts';

/** Where a row stands in the list, in the order of its groups. */
export const rowStates = ['failed', 'active', 'queued', 'done', 'cancelled'] as const;
export type RowState = (typeof rowStates)[number];

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
}

interface Entry {
  source: SourceView | null;
  readonly uploads: Map<string, UploadView>;
  group: SourceGroup | null;
}

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

  /** Takes a delta in and answers the whole list, in the order of its groups. */
  apply(delta: UploadsDelta): readonly SourceGroup[] {
    for (const source of delta.sources) {
      const entry = this.#entry(source.id);
      entry.source = source;
      entry.group = null;
    }
    for (const upload of delta.uploads) {
      const entry = this.#entry(upload.sourceId);
      entry.uploads.set(upload.id, upload);
      entry.group = null;
      this.#sourceIdOf.set(upload.id, upload.sourceId);
      if (!this.#places.has(upload.id)) this.#places.set(upload.id, ++this.#lastPlace);
    }
    for (const uploadId of delta.removedUploadIds) this.#removeUpload(uploadId);
    for (const sourceId of delta.removedSourceIds) this.#removeSource(sourceId);
    return this.#groups();
  }

  /** Forgets everything and starts from a whole list. */
  replace(whole: UploadsDelta): readonly SourceGroup[] {
    this.#entries.clear();
    this.#sourceIdOf.clear();
    this.#places.clear();
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
    for (const entry of this.#entries.values()) entry.group = null;
    return this.#groups();
  }

  #entry(sourceId: string): Entry {
    let entry = this.#entries.get(sourceId);
    if (!entry) {
      entry = { source: null, uploads: new Map(), group: null };
      this.#entries.set(sourceId, entry);
    }
    return entry;
  }

  #removeUpload(uploadId: string): void {
    const sourceId = this.#sourceIdOf.get(uploadId);
    const entry = sourceId === undefined ? undefined : this.#entries.get(sourceId);
    if (!entry) return;
    entry.uploads.delete(uploadId);
    entry.group = null;
    this.#forget(uploadId);
  }

  #removeSource(sourceId: string): void {
    for (const uploadId of this.#entries.get(sourceId)?.uploads.keys() ?? []) this.#forget(uploadId);
    this.#entries.delete(sourceId);
  }

  #forget(uploadId: string): void {
    this.#sourceIdOf.delete(uploadId);
    this.#places.delete(uploadId);
  }

  #groups(): readonly SourceGroup[] {
    const groups: SourceGroup[] = [];
    for (const entry of this.#entries.values()) {
      if (!entry.source) continue;
      entry.group ??= this.#group(entry.source, entry.uploads.values());
      groups.push(entry.group);
    }
    return groups.sort(inShownOrder);
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
    return { source, state: stateOf(source, summary), uploads, summary, queued, queuedFrom: place(queued[0]), unfinishedFrom };
  }
}

/** Sorting is stable, so what was dropped together and is finished stays in the order it was sent in. */
function inShownOrder(a: SourceGroup, b: SourceGroup): number {
  if (a.state !== b.state) return rowStates.indexOf(a.state) - rowStates.indexOf(b.state);
  const bothQueued = a.state === 'active' || a.state === 'queued';
  // Two folders that are being read are both Infinity, whose difference is no number.
  if (bothQueued && a.unfinishedFrom !== b.unfinishedFrom) return a.unfinishedFrom - b.unfinishedFrom;
  return bothQueued ? 0 : b.source.addedAtMs - a.source.addedAtMs;
}

function stateOf(source: SourceView, summary: Summary): RowState {
  if (source.phase === 'failed') return 'failed';
  // Its files come at the end of the queue.
  if (source.phase === 'reading') return 'queued';
  if (summary.unfinished > 0) return isQueued(summary.phase) ? 'queued' : 'active';
  if (summary.failed > 0) return 'failed';
  return summary.phase === 'cancelled' ? 'cancelled' : 'done';
}
