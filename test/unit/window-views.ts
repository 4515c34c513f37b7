import type { SourceView, UploadsDelta, UploadView } from '../../preload/contract.ts';

/** A source as main sends it, with what a test is about changed. */
export const aSource = (id: string, change: Partial<SourceView> = {}): SourceView => ({
  id, name: id, kind: 'file', service: 'car', destination: { service: 'car', applicationId: 'app-1', cosRegion: '', durationSeconds: null }, accountId: 'account-1', prefixes: [], accountLabel: 'Team', phase: 'ready', problem: null,
  leftOut: [], leftOutCount: 0, addedAtMs: 0, ...change,
});

export const anUpload = (id: string, sourceId: string, change: Partial<UploadView> = {}): UploadView => ({
  id, sourceId, name: `${id}.zip`, service: 'car', packed: false, phase: 'waiting', fraction: 0, bytesSent: 0,
  bytesTotal: 100, sourceBytes: 100, bytesPerSecond: null, secondsLeft: null, object: null, objectIsLocal: false,
  notice: null, problem: null, leftBehind: null, timeline: [], startedAtMs: null, finishedAtMs: null, ...change,
});

export const aDelta = (change: Partial<UploadsDelta> = {}): UploadsDelta => ({
  sources: [], uploads: [], removedSourceIds: [], removedUploadIds: [],
  totals: { unfinished: 0, done: 0, failed: 0, paused: 0, fraction: null, bytesPerSecond: 0, secondsLeft: null },
  ...change,
});
