import type { SourceView } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import type { DropRecord, ListedSource, ListedUpload, OpenDrop } from './drop-record.ts';
import { isGone } from './gone-account.ts';
import type { JournalEntry, JournaledMultipart } from './journal-entry.ts';
import { laneOf } from './lane.ts';
import { waiting, type UploadState } from './upload-state.ts';
import { isStartedOver, newUpload, type Upload } from './upload.ts';

/** What is kept of an upload; null once nothing of it is left to do. */
export function entryOf(upload: Upload, source: SourceView): JournalEntry | null {
  const { state, multipart } = upload;
  if (state.phase === 'done' || (state.phase === 'cancelled' && !multipart)) return null;
  return journaled(upload, source, multipart);
}

/** The upload as it would be kept if it had this multipart upload at COS. */
export function journaled<M extends JournaledMultipart | null>(upload: Upload, source: SourceView, multipart: M): JournalEntry & { readonly multipart: M } {
  const { state, plan } = upload;
  const { account, destination, name, paths, packed, origin, sizeHint } = plan;
  return {
    version: 1,
    id: upload.id,
    order: upload.order,
    source: { id: source.id, name: source.name, kind: source.kind, accountLabel: source.accountLabel, addedAtMs: source.addedAtMs },
    accountId: account.id,
    cosDomain: account.cosDomain,
    destination: { ...destination },
    name,
    paths: [...paths],
    packed,
    origin: { ...origin },
    sizeHint,
    intent: intentOf(state),
    failure: state.phase === 'failed'
      ? { startedAtMs: state.startedAtMs, finishedAtMs: state.finishedAtMs, problem: { ...state.problem, params: { ...state.problem.params } } }
      : null,
    multipart,
    ...(upload.notice && isStartedOver(upload.notice) ? { startedOver: { ...upload.notice, params: { ...upload.notice.params } } } : {}),
  };
}

/** The upload as it was, but that nothing runs yet. `start` puts those that were running into the queue; else they are paused. */
export function restoredUpload(entry: JournalEntry, account: Account, start: boolean): Upload {
  const { destination, name, paths, packed, origin, sizeHint } = entry;
  const lane = laneOf({ account, destination }, name);
  const plan = { account, destination, name, paths, packed, origin, sizeHint, lane };
  const upload = newUpload(entry.id, entry.source.id, entry.order, plan, restoredState(entry, account, start));
  upload.multipart = entry.multipart;
  upload.notice = entry.startedOver ?? null;
  return upload;
}

/** The same of one that has no entry of its own. */
export function restoredFromDrop({ record, standings }: OpenDrop, listed: ListedUpload, source: ListedSource, account: Account, start: boolean): Upload {
  const { id, name, paths, packed, sizeHint, modifiedHintMs, failure } = listed;
  const { destination } = record;
  const standing = standings.get(id) ?? { order: listed.order, intent: failure ? 'failed' : 'running', failure };
  const plan = {
    account, destination, name, paths, packed, sizeHint,
    ...(modifiedHintMs === undefined ? {} : { modifiedHintMs }),
    origin: { name: source.name, path: source.path },
    lane: laneOf({ account, destination }, name),
  };
  return newUpload(id, source.id, standing.order, plan, restoredState(standing, account, start));
}

export function restoredSource(entry: JournalEntry, prefixes: readonly string[]): SourceView {
  return { ...entry.source, accountId: entry.accountId, prefixes, service: entry.destination.service, destination: entry.destination, phase: 'ready', problem: null, leftOut: [], leftOutCount: 0 };
}

export function sourceFromDrop({ account, destination, addedAtMs }: DropRecord, source: ListedSource, prefixes: readonly string[]): SourceView {
  const { id, name, kind, problem, leftOut, leftOutCount } = source;
  return {
    id, name, kind, problem, leftOut, leftOutCount, addedAtMs, prefixes,
    service: destination.service, destination, accountId: account.id, accountLabel: account.label, phase: problem ? 'failed' : 'ready',
  };
}

function intentOf({ phase }: UploadState): JournalEntry['intent'] {
  switch (phase) {
    case 'cancelled':
    case 'cancelling': return 'cancelled';
    case 'paused':
    case 'pausing': return 'paused';
    case 'failed': return 'failed';
    default: return 'running';
  }
}

/** How an upload that stood so before goes on. */
export function restoredState({ intent, failure }: Pick<JournalEntry, 'intent' | 'failure'>, account: Account, start: boolean): UploadState {
  if (intent === 'failed' && failure) return { phase: 'failed', ...failure, leftBehind: null };
  if (isGone(account)) return { phase: 'failed', startedAtMs: null, finishedAtMs: Date.now(), problem: { code: 'key-missing', params: { label: account.label } }, leftBehind: null };
  return intent === 'running' && start ? waiting : { phase: 'paused', progress: null };
}
