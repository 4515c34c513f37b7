import type { KeptEntry } from '../history/history-entry.ts';
import type { Upload } from './upload.ts';

/** What the history keeps of an upload; null while it has not ended, and where it was cancelled before anything of it was sent. */
export function historyEntryOf(upload: Upload): KeptEntry | null {
  const { plan, state, multipart } = upload;
  if (state.phase !== 'done' && state.phase !== 'failed' && state.phase !== 'cancelled') return null;
  if (state.phase === 'cancelled' && upload.sentBytes === 0 && multipart === null) return null;
  const object = state.phase === 'done' ? state.object : null;
  const problem = state.phase === 'failed' ? state.problem : null;
  const startedAtMs = 'startedAtMs' in state ? state.startedAtMs : null;
  return {
    version: 1,
    id: `${upload.id}-${state.finishedAtMs}`,
    finishedAtMs: state.finishedAtMs,
    outcome: state.phase,
    name: plan.name,
    paths: [...plan.paths],
    service: plan.destination.service,
    accountId: plan.account.id,
    accountLabel: plan.account.label,
    applicationId: plan.destination.service === 'car' ? plan.destination.applicationId : '',
    bucket: object?.bucket ?? multipart?.bucket ?? '',
    region: object?.region ?? multipart?.region ?? '',
    key: object?.key ?? multipart?.key ?? '',
    size: object?.size ?? null,
    crc64: object?.crc64 ?? '',
    etag: object?.etag ?? '',
    requestId: object?.requestId ?? problem?.requestId ?? '',
    durationMs: startedAtMs === null ? null : state.finishedAtMs - startedAtMs,
    sentBytes: upload.sentBytes,
    problem: problem && {
      code: problem.code,
      params: { ...problem.params },
      ...(problem.serviceCode === undefined ? {} : { serviceCode: problem.serviceCode }),
      ...(problem.requestId === undefined ? {} : { requestId: problem.requestId }),
    },
    source: upload.sourceSeen,
    cosRegion: plan.destination.cosRegion,
    // A dropped folder that is not packed is the origin of its files, and none of them.
    folder: plan.packed || plan.paths[0] === plan.origin.path ? null : { id: upload.sourceId, ...plan.origin },
    besides: null,
  };
}
