import type { SourceView } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import type { BegunCredentials } from './begun-credentials.ts';
import type { DropJournal } from './drop-journal.ts';
import { isPending, type DropRecord } from './drop-record.ts';
import type { Drops } from './drops.ts';
import { goneAccount } from './gone-account.ts';
import type { Journal } from './journal.ts';
import { restoredFromDrop, restoredSource, restoredUpload, sourceFromDrop } from './journaled-upload.ts';
import type { LeftParts } from './left-parts.ts';
import type { Upload } from './upload.ts';
import type { UploadList } from './upload-list.ts';
import type { UploadQueue } from './upload-queue.ts';

export interface RestoreOptions {
  /** null where the account is gone: its uploads come back as failed. */
  readonly accountOf: (accountId: string) => Account | null;
  /** What was running goes on; else it is paused. */
  readonly start: boolean;
  /** What is not asked for stays on disk as it is. Default: all. */
  readonly isAskedFor?: (kept: Kept) => boolean;
}

/** An upload, a source that has none, or a drop that was not looked at to its end. */
export interface Kept {
  readonly id: string;
  readonly accountId: string;
  readonly accountLabel: string;
}

export interface Restored {
  readonly uploads: readonly Upload[];
  /** Drops that wait for a person; none of them is in the list. */
  readonly pending: readonly DropRecord[];
  /** Settles when the drops that were not looked at to their end have been. */
  readonly listed: Promise<void>;
}

export interface RestoreDeps {
  readonly journal: Journal;
  readonly dropJournal: DropJournal;
  readonly list: UploadList;
  readonly queue: UploadQueue;
  readonly drops: Drops;
  readonly leftParts: LeftParts;
  readonly begun: BegunCredentials;
  readonly signal: AbortSignal;
  /** A place in the queue that is taken. */
  readonly onOrder: (order: number) => void;
  readonly onProblem: (error: unknown) => void;
}

/** Puts what the journal holds back into the list and the queue. */
export async function restore({ accountOf, start, isAskedFor = () => true }: RestoreOptions, deps: RestoreDeps): Promise<Restored> {
  const { list, queue, drops, leftParts, begun, onProblem } = deps;
  const openDrops = await deps.dropJournal.readAll(onProblem);
  const entries = await deps.journal.readAll(onProblem);
  const own = new Set(entries.map(({ id }) => id));
  const accountFor = (account: DropRecord['account']): Account => accountOf(account.id) ?? goneAccount(account);
  const sources = new Map<string, SourceView>();
  const uploads: Upload[] = [];
  const pending: DropRecord[] = [];
  const unlisted: DropRecord[] = [];

  for (const drop of openDrops) {
    const { record, ended, prefixes } = drop;
    const asked = (id: string): boolean => isAskedFor({ id, accountId: record.account.id, accountLabel: record.account.label });
    for (const sourceId of prefixes.keys()) begun.expect(sourceId);
    if (await deps.dropJournal.removeIfOver(record.id)) continue;
    if (!record.listing) {
      if (isPending(record)) pending.push(record);
      else if (asked(record.id)) unlisted.push(record);
      continue;
    }
    const account = accountFor(record.account);
    const listed = new Map(record.listing.sources.map((source) => [source.id, source]));
    for (const source of listed.values()) {
      const view = sourceFromDrop(record, source, prefixes.get(source.id) ?? []);
      sources.set(source.id, view);
      if (source.problem && !ended.has(source.id) && asked(source.id)) list.setSource(view);
    }
    for (const upload of record.listing.uploads) {
      deps.onOrder(upload.order);
      const source = listed.get(upload.sourceId);
      if (source && !ended.has(upload.id) && !own.has(upload.id) && asked(upload.id)) uploads.push(restoredFromDrop(drop, upload, source, account, start));
    }
  }
  for (const entry of entries) {
    const { source: { id: sourceId, accountLabel }, accountId, cosDomain = null } = entry;
    if (!isAskedFor({ id: entry.id, accountId, accountLabel })) continue;
    // Also of one that has ended what it had begun: the keychain may still have its credential.
    begun.expect(entry.id);
    const account = accountFor({ id: accountId, label: accountLabel, cosDomain });
    if (entry.intent === 'cancelled') {
      leftParts.discardEntry(entry, account);
      continue;
    }
    if (!sources.has(sourceId)) sources.set(sourceId, restoredSource(entry, deps.dropJournal.of(sourceId)?.prefixes.get(sourceId) ?? []));
    uploads.push(restoredUpload(entry, account, start));
  }

  uploads.sort((a, b) => a.order - b.order);
  for (const upload of uploads) {
    deps.onOrder(upload.order);
    const source = sources.get(upload.sourceId);
    if (source && !list.source(source.id)) list.setSource(source);
    list.add(upload);
    if (upload.state.phase === 'waiting') queue.add(upload);
  }
  const listing = unlisted.map((record) => drops.list(record, { account: accountFor(record.account), destination: record.destination }, start));
  const listed = Promise.all(listing).then(() => undefined, (error: unknown) => {
    if (!deps.signal.aborted) onProblem(error);
  });
  return { uploads, pending, listed };
}
