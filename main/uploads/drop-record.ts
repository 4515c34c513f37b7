import { hash } from 'node:crypto';
import * as v from 'valibot';
import { destinationSchema, failureSchema, idSchema, problemSchema } from './journal-entry.ts';

const leftOut = v.object({
  path: v.string(),
  reason: v.picklist(['symlink-outside', 'symlink-broken', 'symlink-loop', 'symlink-folder', 'special-file']),
});

const listedSource = v.object({
  id: idSchema,
  name: v.string(),
  kind: v.picklist(['file', 'folder', 'selection']),
  /** What was dropped, or the first of it. */
  path: v.string(),
  /** Why there are no uploads of it. */
  problem: v.nullable(problemSchema),
  leftOut: v.array(leftOut),
  leftOutCount: v.number(),
});

const listedUpload = v.object({
  id: idSchema,
  sourceId: idSchema,
  order: v.number(),
  name: v.string(),
  paths: v.array(v.string()),
  packed: v.boolean(),
  sizeHint: v.nullable(v.number()),
  modifiedHintMs: v.exactOptional(v.number()),
  /** Why it failed, where it could not even begin. */
  failure: v.nullable(failureSchema),
});

/** A drop as it is kept on disk: what was dropped and where it is to go, and what it was found to hold. */
export const dropRecordSchema = v.object({
  version: v.literal(1),
  id: idSchema,
  addedAtMs: v.number(),
  account: v.object({ id: v.string(), label: v.string(), cosDomain: v.nullable(v.string()) }),
  /** car without an ApplicationId: a person is still to give it. */
  destination: destinationSchema,
  paths: v.array(v.string()),
  /** The name that a person has asked for. */
  name: v.nullable(v.string()),
  /** A person is still to start it. */
  waits: v.optional(v.boolean(), false),
  /** null until all of it was looked at. */
  listing: v.nullable(v.object({ sources: v.array(listedSource), uploads: v.array(listedUpload) })),
});

/** What has become of one upload since the drop was listed. */
const standingSchema = v.object({
  id: idSchema,
  order: v.number(),
  intent: v.picklist(['running', 'paused', 'failed']),
  failure: v.nullable(failureSchema),
});

/** A line of a drop's log; of several about one thing the last counts. */
export const dropLineSchema = v.union([
  /** An upload, or a source without any, of which nothing is left to do. */
  v.object({ ended: idSchema }),
  v.object({ source: idSchema, prefix: v.string() }),
  standingSchema,
]);

export type DropRecord = v.InferOutput<typeof dropRecordSchema>;
export type DropListing = NonNullable<DropRecord['listing']>;
export type ListedSource = DropListing['sources'][number];
export type ListedUpload = DropListing['uploads'][number];
export type DropLine = v.InferOutput<typeof dropLineSchema>;
export type Standing = v.InferOutput<typeof standingSchema>;

/** A drop of which something is still to be done. */
export interface OpenDrop {
  readonly record: DropRecord;
  /** Uploads, and sources without any, of which nothing is left to do. */
  readonly ended: ReadonlySet<string>;
  /** Uploads that are not just waiting for their turn, by their IDs. */
  readonly standings: ReadonlyMap<string, Standing>;
  /** The prefixes that a source went under, by its ID. */
  readonly prefixes: ReadonlyMap<string, readonly string[]>;
}

/** The same whenever the drop is listed again, so that what is known of a source stays true of it. '' is for the drop as a whole. */
export function sourceIdOf(dropId: string, dropped: string): string {
  return idOf(dropId, dropped);
}

/** The same whenever the source is listed again: no upload is ever in the list twice. */
export function uploadIdOf(sourceId: string, path: string): string {
  return idOf(sourceId, path);
}

/** It still waits for a person: for an answer, or to be started. */
export function isPending({ destination, waits }: DropRecord): boolean {
  return waits || (destination.service === 'car' && destination.applicationId === '');
}

function idOf(parent: string, what: string): string {
  return hash('sha256', `${parent}\0${what}`).slice(0, 32);
}
