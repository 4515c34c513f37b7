import { describe, expect, test } from 'vitest';
import type { ObjectView } from '../../preload/contract.ts';
import { isFinished, transition, waiting, type UploadEvent, type UploadState } from '../../main/uploads/upload-state.ts';

const object: ObjectView = { bucket: 'b', region: 'r', key: 'k', size: 10, crc64: '1', etag: 'e', requestId: 'q' };
const problem = { code: 'store-failed', params: {} } as const;

const events = {
  started: { type: 'started', atMs: 1 },
  prepared: { type: 'prepared', sourceBytes: 10, bytesTotal: 10 },
  sent: { type: 'sent', bytes: 4, sourceBytes: 4 },
  'all-sent': { type: 'all-sent', bytes: 10 },
  stored: { type: 'stored', atMs: 5, object },
  failed: { type: 'failed', atMs: 5, problem, leftBehind: null },
  'pause-requested': { type: 'pause-requested' },
  paused: { type: 'paused' },
  'resume-requested': { type: 'resume-requested' },
  'cancel-requested': { type: 'cancel-requested', atMs: 5 },
  cancelled: { type: 'cancelled', atMs: 6, leftBehind: null },
  'retry-requested': { type: 'retry-requested' },
} satisfies Record<UploadEvent['type'], UploadEvent>;

function after(...types: (keyof typeof events)[]): UploadState {
  return types.reduce((state, type) => transition(state, events[type]), waiting);
}

test('an upload goes from waiting to done', () => {
  expect(after('started').phase).toBe('preparing');
  expect(after('started', 'prepared').phase).toBe('uploading');
  expect(after('started', 'prepared', 'sent')).toMatchObject({ progress: { bytesSent: 4 } });
  expect(after('started', 'prepared', 'sent', 'all-sent')).toMatchObject({ phase: 'verifying', progress: { bytesTotal: 10 } });
  expect(after('started', 'prepared', 'sent', 'all-sent', 'stored')).toMatchObject({ phase: 'done', startedAtMs: 1, finishedAtMs: 5, object });
});

test('a file that was another size than it had seemed is done with its own, a package with what it was made of', () => {
  const end = (bytesTotal: number | null): UploadState => [
    events.started, { type: 'prepared', sourceBytes: 7, bytesTotal } as const, events['all-sent'], events.stored,
  ].reduce<UploadState>((state, event) => transition(state, event), waiting);
  expect(end(7)).toMatchObject({ phase: 'done', sourceBytes: 10 });
  expect(end(null)).toMatchObject({ phase: 'done', sourceBytes: 7 });
});

test('an upload that starts over begins at nothing, and keeps when it began', () => {
  expect(after('started', 'prepared', 'sent', 'prepared')).toMatchObject({ phase: 'uploading', startedAtMs: 1, progress: { bytesSent: 0 } });
});

test('nothing is done without having been verified', () => {
  for (const path of [[], ['started'], ['started', 'prepared'], ['started', 'prepared', 'sent']] as (keyof typeof events)[][]) {
    const before = after(...path);
    expect(transition(before, events.stored)).toBe(before);
  }
});

test('a cancel while waiting takes effect at once, later it first cleans up', () => {
  expect(after('cancel-requested').phase).toBe('cancelled');
  expect(after('started', 'cancel-requested').phase).toBe('cancelling');
  expect(after('started', 'prepared', 'cancel-requested', 'cancelled').phase).toBe('cancelled');
});

test('what COS stored before the cancel reached it is said to be done', () => {
  expect(after('started', 'prepared', 'all-sent', 'cancel-requested', 'stored').phase).toBe('done');
});

test('a pause while waiting takes effect at once, later once the parts in flight are given up', () => {
  expect(after('pause-requested')).toEqual({ phase: 'paused', progress: null });
  expect(after('started', 'prepared', 'sent', 'pause-requested')).toMatchObject({ phase: 'pausing', progress: { bytesSent: 4 } });
  expect(after('started', 'prepared', 'sent', 'pause-requested', 'paused')).toMatchObject({ phase: 'paused', progress: { bytesSent: 4 } });
  expect(after('started', 'prepared', 'pause-requested', 'paused', 'resume-requested')).toBe(waiting);
});

test('what is pausing can still be cancelled, but not resumed before it has stopped', () => {
  expect(after('started', 'pause-requested', 'cancel-requested').phase).toBe('cancelling');
  expect(after('started', 'pause-requested', 'resume-requested').phase).toBe('pausing');
});

test('failed and cancelled uploads can be retried, done ones cannot', () => {
  expect(after('started', 'failed', 'retry-requested')).toBe(waiting);
  expect(after('cancel-requested', 'retry-requested')).toBe(waiting);
  const done = after('started', 'prepared', 'all-sent', 'stored');
  expect(transition(done, events['retry-requested'])).toBe(done);
});

describe('a finished upload', () => {
  const finished = [after('started', 'failed'), after('cancel-requested'), after('started', 'prepared', 'all-sent', 'stored')];
  test.each(Object.values(events).filter((event) => event.type !== 'retry-requested'))('is not moved by $type', (event) => {
    for (const state of finished) {
      expect(isFinished(state)).toBe(true);
      expect(transition(state, event)).toBe(state);
    }
  });
});
