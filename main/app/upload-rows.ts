import type { SourceView, UploadPhase, UploadsDelta, UploadView } from '../../preload/contract.ts';

/** A source that is not finished, in one line: an ms folder's files are one row. */
export interface UploadRow {
  readonly name: string;
  readonly phase: 'waiting' | 'uploading' | 'paused' | 'cancelling';
  /** 0 to 1, by bytes on disk. */
  readonly fraction: number;
}

const finishedPhases: ReadonlySet<UploadPhase> = new Set(['done', 'failed', 'cancelled']);

/** True once nothing more happens to an upload unless the person asks. */
export function isFinished(upload: Pick<UploadView, 'phase'>): boolean {
  return finishedPhases.has(upload.phase);
}

/** The IDs of all uploads that are not finished. */
export function unfinishedIds(ferry: { uploads(): Pick<UploadsDelta, 'uploads'> }): readonly string[] {
  return ferry.uploads().uploads.filter((upload) => !isFinished(upload)).map(({ id }) => id);
}

/** The unfinished sources: those under way first, each group in the order they were dropped. */
export function uploadRows(list: Pick<UploadsDelta, 'sources' | 'uploads'>): UploadRow[] {
  const uploadsBySource = new Map<string, UploadView[]>();
  for (const upload of list.uploads) {
    const siblings = uploadsBySource.get(upload.sourceId);
    if (siblings) siblings.push(upload);
    else uploadsBySource.set(upload.sourceId, [upload]);
  }
  const rows = list.sources.flatMap((source) => row(source, uploadsBySource.get(source.id) ?? []) ?? []);
  return [...rows.filter((each) => !isIdle(each)), ...rows.filter(isIdle)];
}

function row(source: SourceView, uploads: readonly UploadView[]): UploadRow | null {
  if (source.phase === 'reading') return { name: source.name, phase: 'waiting', fraction: 0 };
  const unfinished = uploads.filter((upload) => !isFinished(upload));
  if (unfinished.length === 0) return null;
  const [only] = uploads;
  return {
    name: uploads.length === 1 && only ? only.name : source.name,
    phase: phaseOf(unfinished, uploads),
    fraction: fractionOf(uploads),
  };
}

function isIdle(row: UploadRow): boolean {
  return row.phase === 'waiting' || row.phase === 'paused';
}

function phaseOf(unfinished: readonly UploadView[], all: readonly UploadView[]): UploadRow['phase'] {
  if (unfinished.every((upload) => upload.phase === 'cancelling')) return 'cancelling';
  if (unfinished.every((upload) => upload.phase === 'paused' || upload.phase === 'pausing')) return 'paused';
  const begun = unfinished.some((upload) => upload.phase !== 'waiting') || all.some((upload) => upload.phase === 'done');
  return begun ? 'uploading' : 'waiting';
}

function fractionOf(uploads: readonly UploadView[]): number {
  const counted = uploads.filter((upload) => upload.phase !== 'failed' && upload.phase !== 'cancelled');
  // An empty file, or one not looked at yet, still weighs something, or a folder of them would never move.
  const weighed = counted.map((upload) => ({ weight: Math.max(1, upload.sourceBytes ?? 1), fraction: upload.phase === 'done' ? 1 : upload.fraction }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return total === 0 ? 0 : weighed.reduce((sum, { weight, fraction }) => sum + weight * fraction, 0) / total;
}
