import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFinished, isRunning, transition, waiting, type UploadEvent, type UploadState } from '../../main/uploads/upload-state.ts';

const problem = { code: 'store-failed', params: {} } as const;
const bytes = fc.nat({ max: 1_000_000 });
const object = fc.record({
  bucket: fc.string(), region: fc.string(), key: fc.string(), size: bytes, crc64: fc.string(), etag: fc.string(), requestId: fc.string(),
});

const eventAt = (atMs: number): fc.Arbitrary<UploadEvent> => fc.oneof(
  fc.constant({ type: 'started', atMs } as const),
  fc.record({ type: fc.constant('prepared' as const), sourceBytes: bytes, bytesTotal: fc.option(bytes) }),
  fc.record({ type: fc.constant('sent' as const), bytes, sourceBytes: bytes }),
  fc.record({ type: fc.constant('all-sent' as const), bytes }),
  fc.record({ type: fc.constant('stored' as const), atMs: fc.constant(atMs), object }),
  fc.constant({ type: 'failed', atMs, problem, leftBehind: null } as const),
  fc.constant({ type: 'pause-requested' } as const),
  fc.constant({ type: 'paused' } as const),
  fc.constant({ type: 'resume-requested' } as const),
  fc.constant({ type: 'cancel-requested', atMs } as const),
  fc.record({ type: fc.constant('cancelled' as const), atMs: fc.constant(atMs), leftBehind: fc.option(fc.constant(problem)) }),
  fc.constant({ type: 'retry-requested' } as const),
);

const history = fc.array(fc.nat(), { minLength: 1, maxLength: 60 }).chain((steps) => fc.tuple(...steps.map((_, index) => eventAt(index + 1))));

/** What each state carries, and nothing else. */
const carried: Record<UploadState['phase'], readonly string[]> = {
  waiting: [],
  preparing: ['startedAtMs'],
  uploading: ['progress', 'startedAtMs'],
  verifying: ['progress', 'startedAtMs'],
  pausing: ['progress', 'startedAtMs'],
  paused: ['progress'],
  cancelling: ['progress', 'startedAtMs'],
  done: ['finishedAtMs', 'object', 'sourceBytes', 'startedAtMs'],
  failed: ['finishedAtMs', 'leftBehind', 'problem', 'startedAtMs'],
  cancelled: ['finishedAtMs', 'leftBehind'],
};

/** Where each phase can be come from, but for itself. */
const before: Record<UploadState['phase'], readonly UploadState['phase'][]> = {
  waiting: ['failed', 'cancelled', 'paused'],
  preparing: ['waiting'],
  uploading: ['preparing', 'verifying'],
  verifying: ['uploading'],
  pausing: ['preparing', 'uploading', 'verifying'],
  paused: ['waiting', 'pausing'],
  cancelling: ['preparing', 'uploading', 'verifying', 'pausing'],
  done: ['verifying', 'pausing', 'cancelling'],
  failed: ['preparing', 'uploading', 'verifying'],
  cancelled: ['waiting', 'paused', 'cancelling'],
};

function eachStep(events: readonly UploadEvent[], look: (from: UploadState, event: UploadEvent, to: UploadState) => void): void {
  let state: UploadState = waiting;
  for (const event of events) {
    const next = transition(state, event);
    look(state, event, next);
    state = next;
  }
}

test('whatever happens in whatever order, a state carries its own data and nothing else', () => {
  fc.assert(fc.property(history, (events) => {
    eachStep(events, (_from, _event, to) => {
      expect(Object.keys(to).filter((key) => key !== 'phase').sort()).toEqual(carried[to.phase]);
      if ('startedAtMs' in to && to.startedAtMs !== null && 'finishedAtMs' in to) expect(to.finishedAtMs).toBeGreaterThanOrEqual(to.startedAtMs);
      if (to.phase === 'verifying') expect(to.progress.bytesSent).toBe(to.progress.bytesTotal);
    });
  }), { numRuns: 500 });
});

test('no phase is ever reached but from those that lead to it', () => {
  fc.assert(fc.property(history, (events) => {
    eachStep(events, (from, _event, to) => {
      if (from.phase !== to.phase) expect(before[to.phase]).toContain(from.phase);
    });
  }), { numRuns: 500 });
});

test('nothing is done that COS has not stored, and what is done stays so', () => {
  fc.assert(fc.property(history, (events) => {
    eachStep(events, (from, event, to) => {
      if (from.phase === 'done') expect(to).toBe(from);
      else if (to.phase === 'done') expect(event).toMatchObject({ type: 'stored', object: to.object });
    });
  }), { numRuns: 500 });
});

test('a person can always stop it, and what is stopped stops', () => {
  fc.assert(fc.property(history, (events) => {
    eachStep(events, (_from, _event, to) => {
      if (isFinished(to)) return;
      const cancelled = transition(transition(to, { type: 'cancel-requested', atMs: 99 }), { type: 'cancelled', atMs: 99, leftBehind: null });
      expect(cancelled.phase).toBe('cancelled');
      const paused = transition(transition(to, { type: 'pause-requested' }), { type: 'paused' });
      expect(isRunning(paused) && to.phase !== 'cancelling').toBe(false);
    });
  }), { numRuns: 500 });
});
