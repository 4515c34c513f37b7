import type { Problem, SourceView, UploadsDelta, UploadView } from '../../preload/contract.ts';
import { isFinished } from './upload-rows.ts';

/** How a dropped source ended. */
export interface FinishedSource {
  readonly name: string;
  /** How many objects arrived, and how large they are together. */
  readonly done: number;
  readonly bytes: number;
  readonly failed: number;
  /** The uploads that failed and can be tried again. */
  readonly failedIds: readonly string[];
  /** The source itself, where it could not be read and can be read again; else null. */
  readonly unreadId: string | null;
  /** The first failure. */
  readonly problem: Problem | null;
}

interface Watched {
  source: SourceView;
  readonly uploads: Map<string, UploadView>;
}

/** When the last of it ended; of a source that failed itself, its failure, which is a new one each time. */
type End = number | Problem;

/**
 * Follows the list from one delta to the next and tells which sources each one finished. What was
 * cancelled as a whole is not told: the person knows. A source that is retried finishes again, also
 * between two deltas; one that was taken off the list and put back does not.
 */
export function watchFinishedSources(): (delta: UploadsDelta) => FinishedSource[] {
  const watched = new Map<string, Watched>();
  const ends = new Map<string, End>();

  return (delta) => {
    const touched = new Set<Watched>();
    for (const source of delta.sources) {
      const entry = watched.get(source.id) ?? { source, uploads: new Map() };
      entry.source = source;
      watched.set(source.id, entry);
      touched.add(entry);
    }
    for (const upload of delta.uploads) {
      const entry = watched.get(upload.sourceId);
      entry?.uploads.set(upload.id, upload);
      if (entry) touched.add(entry);
    }
    for (const id of delta.removedSourceIds) watched.delete(id);
    if (delta.removedUploadIds.length > 0) {
      for (const { uploads } of watched.values()) for (const id of delta.removedUploadIds) uploads.delete(id);
    }

    const news: FinishedSource[] = [];
    for (const entry of touched) {
      const { id } = entry.source;
      const [before, end] = [ends.get(id), endOf(entry)];
      if (end === null) ends.delete(id);
      else ends.set(id, end);
      const outcome = end !== null && isNews(end, before) ? outcomeOf(entry) : null;
      if (outcome && outcome.done + outcome.failed > 0) news.push(outcome);
    }
    return news;
  };
}

function endOf({ source, uploads }: Watched): End | null {
  if (source.phase === 'failed') return source.problem;
  const all = [...uploads.values()];
  if (source.phase !== 'ready' || all.length === 0 || !all.every(isFinished)) return null;
  return all.reduce((latest, { finishedAtMs }) => Math.max(latest, finishedAtMs ?? 0), 0);
}

/** What is taken off a folder's files may have been the last to end. */
const isNews = (end: End, before: End | undefined): boolean => (typeof end === 'number' && typeof before === 'number' ? end > before : end !== before);

function outcomeOf({ source, uploads }: Watched): FinishedSource {
  const all = [...uploads.values()];
  const done = all.filter((upload) => upload.phase === 'done');
  const failed = all.filter((upload) => upload.phase === 'failed');
  const [only] = all;
  const wholeFailed = source.phase === 'failed';
  return {
    name: all.length === 1 && only ? only.name : source.name,
    done: done.length,
    bytes: done.reduce((sum, upload) => sum + (upload.object?.size ?? 0), 0),
    failed: wholeFailed ? Math.max(1, failed.length) : failed.length,
    failedIds: failed.map(({ id }) => id),
    unreadId: wholeFailed ? source.id : null,
    problem: wholeFailed ? source.problem : (failed[0]?.problem ?? null),
  };
}
