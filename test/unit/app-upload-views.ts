import type { Service, SourceView, Totals, UploadPhase, UploadView } from '../../preload/contract.ts';

/** A source as the engine would show it, with what a test cares about. */
export function source(id: string, name: string, more: Partial<SourceView> = {}): SourceView {
  return {
    id, name, kind: 'file', service: 'ms' satisfies Service, destination: { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null }, accountId: 'account-1', prefixes: [], accountLabel: 'Team', phase: 'ready', problem: null,
    leftOut: [], leftOutCount: 0, addedAtMs: 0, ...more,
  };
}

let nextUpload = 1;

/** An upload as the engine would show it. */
export function upload(sourceId: string, phase: UploadPhase, more: Partial<UploadView> = {}): UploadView {
  return {
    id: `u${nextUpload++}`, sourceId, name: 'Game.zip', service: 'ms', packed: false, phase, fraction: 0, bytesSent: 0,
    bytesTotal: null, sourceBytes: null, bytesPerSecond: null, secondsLeft: null, object: null, objectIsLocal: false,
    problem: null, leftBehind: null, notice: null, timeline: [], startedAtMs: null, finishedAtMs: null, ...more,
  };
}

/** A finished upload whose object has this size. */
export function arrived(sourceId: string, size: number, more: Partial<UploadView> = {}): UploadView {
  const object = { bucket: 'b-1', region: 'ap-guangzhou', key: 'k', size, crc64: '1', etag: 'e', requestId: 'r' };
  return upload(sourceId, 'done', { fraction: 1, sourceBytes: size, object, ...more });
}

/** Totals of nothing. */
export const noTotals: Totals = { unfinished: 0, done: 0, failed: 0, paused: 0, fraction: null, bytesPerSecond: 0, secondsLeft: null };
