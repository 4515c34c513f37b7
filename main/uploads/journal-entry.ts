import * as v from 'valibot';
import { problemCodes } from '../../preload/problem-codes.ts';
import type { TemporaryCredential } from '../credentials/temporary-credential.ts';

export const destinationSchema = v.object({
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
  /** What its package was compressed with: only so are its parts made again. */
  packLevel: v.exactOptional(v.picklist(['fast', 'balanced', 'small'])),
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

export const problemSchema = v.object({
  code: v.picklist(problemCodes),
  params: v.record(v.string(), v.union([v.string(), v.number()])),
  serviceCode: v.exactOptional(v.string()),
  requestId: v.exactOptional(v.string()),
  detail: v.exactOptional(v.string()),
});

export const failureSchema = v.object({
  startedAtMs: v.nullable(v.number()),
  finishedAtMs: v.number(),
  problem: problemSchema,
});

/** Names files, so that none can lead elsewhere. */
export const idSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/));

/** An upload that has more to say than its drop's record, as it is kept on disk; whatever that says, this is how it is. */
export const journalEntrySchema = v.object({
  version: v.literal(1),
  id: idSchema,
  /** Its place in the queue; smaller goes first. */
  order: v.number(),
  source,
  accountId: v.string(),
  /** The account's COS domain: where its parts are, should the account be gone. */
  cosDomain: v.exactOptional(v.nullable(v.string())),
  destination: destinationSchema,
  name: v.string(),
  paths: v.array(v.string()),
  /** What was dropped: its name and where it is. */
  origin: v.object({ name: v.string(), path: v.string() }),
  packed: v.boolean(),
  sizeHint: v.nullable(v.number()),
  /** running: it was under way, or next in line. paused: a person has stopped it. cancelled: only its parts remain to be aborted. */
  intent: v.picklist(['running', 'paused', 'failed', 'cancelled']),
  /** Why it failed, where it has. */
  failure: v.nullable(failureSchema),
  multipart: v.nullable(multipart),
  /** Why it started over, where it has: a crash must not keep that from the person. */
  startedOver: v.exactOptional(problemSchema),
});

export type JournalEntry = v.InferOutput<typeof journalEntrySchema>;
export type JournaledMultipart = v.InferOutput<typeof multipart>;

/** Where a credential would let the multipart upload go on. */
export function isBegunAt(multipartUpload: JournaledMultipart, credential: TemporaryCredential, key: string): boolean {
  return multipartUpload.bucket === credential.bucket && multipartUpload.region === credential.region && multipartUpload.key === key;
}
