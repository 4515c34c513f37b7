import * as v from 'valibot';
import type { TemporaryCredential } from '../credentials/temporary-credential.ts';

const destination = v.object({
  service: v.picklist(['ms', 'car']),
  applicationId: v.string(),
  cosRegion: v.string(),
  durationSeconds: v.nullable(v.number()),
});

/** A multipart upload at COS that an upload has begun: enough to go on with it, or to abort it. No secrets. */
const multipart = v.object({
  bucket: v.string(),
  region: v.string(),
  key: v.string(),
  uploadId: v.string(),
  partBytes: v.number(),
  /** Complete may have been sent. */
  completing: v.boolean(),
});

const source = v.object({
  id: v.string(),
  name: v.string(),
  kind: v.picklist(['file', 'folder', 'selection']),
  accountLabel: v.string(),
  addedAtMs: v.number(),
});

/** One upload as it is kept on disk. */
export const journalEntrySchema = v.object({
  version: v.literal(1),
  id: v.string(),
  /** Its place in the queue; smaller goes first. */
  order: v.number(),
  source,
  accountId: v.string(),
  destination,
  name: v.string(),
  paths: v.array(v.string()),
  packed: v.boolean(),
  sizeHint: v.nullable(v.number()),
  /** running: it was under way, or next in line. paused: a person has stopped it. cancelled: only its parts remain to be aborted. */
  intent: v.picklist(['running', 'paused', 'cancelled']),
  multipart: v.nullable(multipart),
});

export type JournalEntry = v.InferOutput<typeof journalEntrySchema>;
export type JournaledMultipart = v.InferOutput<typeof multipart>;
export type JournaledSource = v.InferOutput<typeof source>;

/** Where a credential would let the multipart upload go on. */
export function isBegunAt(multipartUpload: JournaledMultipart, credential: TemporaryCredential, key: string): boolean {
  return multipartUpload.bucket === credential.bucket && multipartUpload.region === credential.region && multipartUpload.key === key;
}
