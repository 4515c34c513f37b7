import * as v from 'valibot';
import type { HistoryEntry } from '../../preload/contract.ts';
import { problemCodes } from '../../preload/problem-codes.ts';

const problem = v.object({
  code: v.picklist(problemCodes),
  params: v.record(v.string(), v.union([v.string(), v.number()])),
  serviceCode: v.exactOptional(v.string()),
  requestId: v.exactOptional(v.string()),
});

/** A line of the history as it is on disk. */
export const keptEntrySchema = v.object({
  version: v.literal(1),
  id: v.string(),
  finishedAtMs: v.number(),
  outcome: v.picklist(['done', 'failed', 'cancelled']),
  name: v.string(),
  paths: v.array(v.string()),
  service: v.picklist(['ms', 'car']),
  accountId: v.string(),
  accountLabel: v.string(),
  applicationId: v.string(),
  bucket: v.string(),
  region: v.string(),
  key: v.string(),
  size: v.nullable(v.number()),
  crc64: v.string(),
  etag: v.string(),
  requestId: v.string(),
  durationMs: v.nullable(v.number()),
  sentBytes: v.number(),
  problem: v.nullable(problem),
  /** What tells the state of the source that was sent: its bytes on disk, and when the newest of its files was changed. */
  source: v.nullable(v.object({ bytes: v.number(), modifiedAtMs: v.number() })),
  /** The region that was asked for; '' for the service's default. */
  cosRegion: v.optional(v.string(), ''),
  /** The dropped folder whose files went one by one, of which this is one. */
  folder: v.optional(v.nullable(v.object({ id: v.string(), name: v.string(), path: v.string() })), null),
  /** More files of that folder, of which only these figures are left. */
  besides: v.optional(v.nullable(v.object({
    done: v.number(),
    failed: v.number(),
    cancelled: v.number(),
    size: v.number(),
    sourceBytes: v.number(),
    modifiedAtMs: v.number(),
  })), null),
});

export type KeptEntry = v.InferOutput<typeof keptEntrySchema>;

/** The row it belongs to: its folder's, or one of its own. */
export function rowIdOf({ id, folder }: KeptEntry): string {
  return folder?.id ?? id;
}

/** The entry as the window shows it. */
export function historyView({ version: _version, source: _source, folder: _folder, besides: _besides, ...entry }: KeptEntry): HistoryEntry {
  return entry;
}
