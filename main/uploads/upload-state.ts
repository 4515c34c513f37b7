import type { ObjectView, Problem } from '../../preload/contract.ts';

/** How far the bytes are. `bytesTotal` is null while a package's size is not known. */
export interface UploadProgress {
  readonly sourceBytes: number;
  readonly sourceBytesSent: number;
  readonly bytesSent: number;
  readonly bytesTotal: number | null;
}

/** The life of one upload; each state carries its own data only. */
export type UploadState =
  | { readonly phase: 'waiting' }
  | { readonly phase: 'preparing'; readonly startedAtMs: number }
  | { readonly phase: 'uploading'; readonly startedAtMs: number; readonly progress: UploadProgress }
  | { readonly phase: 'verifying'; readonly startedAtMs: number; readonly progress: UploadProgress }
  /** Stopping, to be paused: parts in flight are given up, those that COS has are kept. */
  | { readonly phase: 'pausing'; readonly startedAtMs: number; readonly progress: UploadProgress | null }
  | { readonly phase: 'paused'; readonly progress: UploadProgress | null }
  | { readonly phase: 'cancelling'; readonly startedAtMs: number; readonly progress: UploadProgress | null }
  | { readonly phase: 'done'; readonly startedAtMs: number; readonly finishedAtMs: number; readonly object: ObjectView; readonly sourceBytes: number }
  | { readonly phase: 'failed'; readonly startedAtMs: number | null; readonly finishedAtMs: number; readonly problem: Problem; readonly leftBehind: Problem | null }
  | { readonly phase: 'cancelled'; readonly finishedAtMs: number; readonly leftBehind: Problem | null };

export type UploadEvent =
  | { readonly type: 'started'; readonly atMs: number }
  /** The source was looked at and the credential is there: bytes begin to move. Also when an upload starts over. */
  | { readonly type: 'prepared'; readonly sourceBytes: number; readonly bytesTotal: number | null }
  | { readonly type: 'sent'; readonly bytes: number; readonly sourceBytes: number }
  | { readonly type: 'all-sent'; readonly bytes: number }
  | { readonly type: 'stored'; readonly atMs: number; readonly object: ObjectView }
  /** `leftBehind`: why cleaning up failed, where something may have been left in the bucket. */
  | { readonly type: 'failed'; readonly atMs: number; readonly problem: Problem; readonly leftBehind: Problem | null }
  | { readonly type: 'pause-requested' }
  | { readonly type: 'paused' }
  | { readonly type: 'resume-requested' }
  | { readonly type: 'cancel-requested'; readonly atMs: number }
  | { readonly type: 'cancelled'; readonly atMs: number; readonly leftBehind: Problem | null }
  | { readonly type: 'retry-requested' };

export const waiting: UploadState = { phase: 'waiting' };

/** The next state. An event that is impossible in a state changes nothing: the same state comes back. */
export function transition(state: UploadState, event: UploadEvent): UploadState {
  switch (event.type) {
    case 'started':
      return state.phase === 'waiting' ? { phase: 'preparing', startedAtMs: event.atMs } : state;
    case 'prepared':
      return isActive(state)
        ? {
            phase: 'uploading',
            startedAtMs: state.startedAtMs,
            progress: { sourceBytes: event.sourceBytes, sourceBytesSent: 0, bytesSent: 0, bytesTotal: event.bytesTotal },
          }
        : state;
    case 'sent':
      return state.phase === 'uploading'
        ? { ...state, progress: { ...state.progress, bytesSent: event.bytes, sourceBytesSent: event.sourceBytes } }
        : state;
    case 'all-sent':
      return state.phase === 'uploading' ? { ...state, phase: 'verifying', progress: whole(state.progress, event.bytes) } : state;
    case 'stored':
      // A cancel or a pause can come too late: what COS has completed is there, and is said to be.
      return (state.phase === 'verifying' || isStopping(state)) && state.progress !== null
        ? {
            phase: 'done', startedAtMs: state.startedAtMs, finishedAtMs: event.atMs,
            object: event.object, sourceBytes: state.progress.sourceBytes,
          }
        : state;
    case 'failed':
      return isActive(state) ? { phase: 'failed', startedAtMs: state.startedAtMs, finishedAtMs: event.atMs, problem: event.problem, leftBehind: event.leftBehind } : state;
    case 'pause-requested':
      if (state.phase === 'waiting') return { phase: 'paused', progress: null };
      return isActive(state) ? { phase: 'pausing', startedAtMs: state.startedAtMs, progress: progressOf(state) } : state;
    case 'paused':
      return state.phase === 'pausing' ? { phase: 'paused', progress: state.progress } : state;
    case 'resume-requested':
      return state.phase === 'paused' ? waiting : state;
    case 'cancel-requested':
      if (state.phase === 'waiting' || state.phase === 'paused') return { phase: 'cancelled', finishedAtMs: event.atMs, leftBehind: null };
      return isActive(state) || state.phase === 'pausing'
        ? { phase: 'cancelling', startedAtMs: state.startedAtMs, progress: progressOf(state) }
        : state;
    case 'cancelled':
      return state.phase === 'cancelling' ? { phase: 'cancelled', finishedAtMs: event.atMs, leftBehind: event.leftBehind } : state;
    case 'retry-requested':
      return state.phase === 'failed' || state.phase === 'cancelled' ? waiting : state;
  }
}

type Active = Extract<UploadState, { phase: 'preparing' | 'uploading' | 'verifying' }>;
type Stopping = Extract<UploadState, { phase: 'pausing' | 'cancelling' }>;

function isActive(state: UploadState): state is Active {
  return state.phase === 'preparing' || state.phase === 'uploading' || state.phase === 'verifying';
}

function isStopping(state: UploadState): state is Stopping {
  return state.phase === 'pausing' || state.phase === 'cancelling';
}

export function isFinished(state: UploadState): boolean {
  return state.phase === 'done' || state.phase === 'failed' || state.phase === 'cancelled';
}

/** Something of it is going on: it occupies its lane. */
export function isRunning(state: UploadState): boolean {
  return isActive(state) || isStopping(state);
}

function progressOf(state: UploadState): UploadProgress | null {
  return 'progress' in state ? state.progress : null;
}

function whole(progress: UploadProgress, bytes: number): UploadProgress {
  // Without packing they are the source's own, which may be more or less than when it was looked at.
  const sourceBytes = progress.bytesTotal === null ? progress.sourceBytes : bytes;
  return { sourceBytes, sourceBytesSent: sourceBytes, bytesSent: bytes, bytesTotal: bytes };
}
