import type { SourceView } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { laneOf } from './drops.ts';
import type { JournalEntry } from './journal-entry.ts';
import { waiting, type UploadState } from './upload-state.ts';
import { newUpload, type Upload } from './upload.ts';

/** What is kept of an upload; null once nothing of it is left to do. */
export function entryOf(upload: Upload, source: SourceView): JournalEntry | null {
  const { state, plan } = upload;
  if (state.phase === 'done' || (state.phase === 'cancelled' && !upload.multipart)) return null;
  const { account, destination, name, paths, packed, origin, sizeHint } = plan;
  return {
    version: 1,
    id: upload.id,
    order: upload.order,
    source: { id: source.id, name: source.name, kind: source.kind, accountLabel: source.accountLabel, addedAtMs: source.addedAtMs },
    accountId: account.id,
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
    multipart: upload.multipart,
  };
}

/** The upload as it was, but that nothing runs yet. `start` puts those that were running into the queue; else they are paused. */
export function restoredUpload(entry: JournalEntry, account: Account, start: boolean): Upload {
  const { destination, name, paths, packed, origin, sizeHint } = entry;
  const lane = laneOf({ account, destination }, name);
  const upload = newUpload(entry.id, entry.source.id, entry.order, { account, destination, name, paths, packed, origin, sizeHint, lane }, restoredState(entry, start));
  upload.multipart = entry.multipart;
  return upload;
}

export function restoredSource(entry: JournalEntry): SourceView {
  return { ...entry.source, accountId: entry.accountId, prefixes: [], service: entry.destination.service, phase: 'ready', problem: null, leftOut: [], leftOutCount: 0 };
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

function restoredState({ intent, failure }: JournalEntry, start: boolean): UploadState {
  if (intent === 'failed' && failure) return { phase: 'failed', ...failure, leftBehind: null };
  return intent === 'running' && start ? waiting : { phase: 'paused', progress: null };
}
