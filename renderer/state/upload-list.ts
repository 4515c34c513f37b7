import type { SourceView, UploadView, UploadsDelta } from '../../preload/contract.ts';
import { summarize, type Summary } from './summary.ts';

/** A source with its uploads, in the order they are shown: failed, in progress, waiting, finished. */
export interface SourceGroup {
  readonly source: SourceView;
  readonly uploads: readonly UploadView[];
  readonly summary: Summary;
}

interface Entry {
  source: SourceView | null;
  readonly uploads: Map<string, UploadView>;
  group: SourceGroup | null;
}

/** The list as the deltas build it up. A group is a new object exactly when something in it changed. */
export class UploadList {
  readonly #entries = new Map<string, Entry>();
  readonly #sourceIdOf = new Map<string, string>();

  /** Takes a delta in and answers the whole list, newest source first. */
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
    }
    for (const uploadId of delta.removedUploadIds) this.#removeUpload(uploadId);
    for (const sourceId of delta.removedSourceIds) this.#removeSource(sourceId);
    return this.#groups();
  }

  /** Forgets everything and starts from a whole list. */
  replace(whole: UploadsDelta): readonly SourceGroup[] {
    this.#entries.clear();
    this.#sourceIdOf.clear();
    return this.apply(whole);
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
    this.#sourceIdOf.delete(uploadId);
  }

  #removeSource(sourceId: string): void {
    for (const uploadId of this.#entries.get(sourceId)?.uploads.keys() ?? []) this.#sourceIdOf.delete(uploadId);
    this.#entries.delete(sourceId);
  }

  #groups(): readonly SourceGroup[] {
    const groups: SourceGroup[] = [];
    for (const entry of this.#entries.values()) {
      if (!entry.source) continue;
      entry.group ??= toGroup(entry.source, entry.uploads.values());
      groups.push(entry.group);
    }
    // Sorting is stable, so what was dropped together stays in the order it is sent in.
    return groups.sort((a, b) => b.source.addedAtMs - a.source.addedAtMs);
  }
}

function toGroup(source: SourceView, views: Iterable<UploadView>): SourceGroup {
  const failed: UploadView[] = [];
  const active: UploadView[] = [];
  const waiting: UploadView[] = [];
  const finished: UploadView[] = [];
  for (const upload of views) {
    if (upload.phase === 'failed') failed.push(upload);
    else if (upload.phase === 'waiting') waiting.push(upload);
    else if (upload.phase === 'done' || upload.phase === 'cancelled') finished.push(upload);
    else active.push(upload);
  }
  const uploads = [...failed, ...active, ...waiting, ...finished];
  return { source, uploads, summary: summarize(uploads) };
}
