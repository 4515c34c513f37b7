import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FerryError } from '../../main/ferry-error.ts';
import { StoreError } from '../../main/transfer/object-store.ts';
import { Outages } from '../../main/uploads/outages.ts';
import { awaitsCredential, newUpload, type Upload, type UploadPlan } from '../../main/uploads/upload.ts';
import { waiting } from '../../main/uploads/upload-state.ts';

const silence = new StoreError('transient', { code: 'network-timeout', params: { host: 'cos.example', bucket: 'builds' } }, null);
const slowDown = new StoreError('transient', { code: 'store-failed', serviceCode: 'SlowDown' }, 503);
const toldAfterMs = 10_000;

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

interface Started {
  readonly outages: Outages;
  readonly upload: Upload;
  /** Another one of the same account. */
  readonly other: Upload;
  readonly waits: boolean[];
}

function start({ isOffline = (): boolean => false } = {}): Started {
  const waits: boolean[] = [];
  const outages = new Outages({ toldAfterMs, isOffline, onWaits: (_upload, now) => { waits.push(now); }, onNotice: () => undefined });
  const [upload, other] = ['upload', 'other'].map((id) => {
    const started = newUpload(id, 'source', 1, { account: { id: 'account' } } as UploadPlan, waiting);
    started.abort = new AbortController();
    return started;
  });
  return { outages, waits, upload: upload!, other: other! };
}

/** Two errors, and the time after which that is told. */
function fail({ outages, upload }: Started, error: unknown): void {
  outages.delayed(upload, error);
  outages.delayed(upload, error);
  vi.advanceTimersByTime(toldAfterMs);
}

test.each([
  [slowDown, 'store-busy'],
  [new FerryError({ code: 'service-internal' }), 'service-busy'],
  [silence, 'no-answer'],
  [new FerryError({ code: 'network-unreachable', params: { host: 'api.example' } }), 'no-answer'],
])('what an upload waits for is told until something goes through', (error, code) => {
  const started = start();
  const { outages, upload, waits } = started;
  fail(started, error);
  expect(upload.notice?.code).toBe(code);
  outages.delayed(upload, error);
  outages.passed(upload);
  expect([upload.notice, waits]).toEqual([null, [true, false]]);
});

test('nothing is told, and no upload waits, before the time for it has passed, or where something went through meanwhile', () => {
  const { outages, upload, waits } = start();
  outages.delayed(upload, silence);
  vi.advanceTimersByTime(toldAfterMs - 1);
  expect([upload.notice, waits]).toEqual([null, []]);
  outages.answered(upload);
  vi.advanceTimersByTime(toldAfterMs);
  outages.delayed(upload, silence);
  expect([upload.notice, waits]).toEqual([null, []]);
});

test('one error is enough where nothing but silence follows it', () => {
  const { outages, upload, waits } = start();
  outages.delayed(upload, silence);
  vi.advanceTimersByTime(toldAfterMs);
  expect([upload.notice?.code, waits]).toEqual(['no-answer', [true]]);
});

test('one error that was an answer is no outage, a second one is', () => {
  const { outages, upload } = start();
  outages.delayed(upload, slowDown);
  vi.advanceTimersByTime(5 * toldAfterMs);
  expect(upload.notice).toBeNull();
  outages.delayed(upload, slowDown);
  vi.advanceTimersByTime(toldAfterMs);
  expect(upload.notice).toMatchObject({ code: 'store-busy' });
});

test('one error of an upload that waits for its turn behind others of its account, which get through, is no outage', () => {
  const { outages, upload, other } = start();
  outages.delayed(upload, silence);
  for (let seconds = 0; seconds < 60; seconds++) {
    outages.answered(other);
    vi.advanceTimersByTime(1000);
  }
  expect(upload.notice).toBeNull();
  vi.advanceTimersByTime(2 * toldAfterMs);
  expect(upload.notice).toMatchObject({ code: 'no-answer' });
});

test('an upload whose bytes go on is not kept waiting, however long a part takes and however often one fails', () => {
  const { outages, upload, waits } = start();
  for (let seconds = 0; seconds < 60; seconds++) {
    if (seconds % 4 === 0) outages.delayed(upload, silence);
    upload.reachedBytes += 30_000;
    vi.advanceTimersByTime(1000);
  }
  expect([upload.notice, waits]).toEqual([null, []]);
  vi.advanceTimersByTime(2 * toldAfterMs);
  expect([upload.notice, waits]).toMatchObject([{ code: 'no-answer' }, [true]]);
});

test('nothing is told of an upload that is stopped, or has ended', () => {
  const { outages, upload, other, waits } = start();
  outages.delayed(upload, silence);
  upload.abort!.abort(new Error('pause'));
  outages.delayed(other, silence);
  outages.passed(other);
  other.abort = null;
  // What is cleaned up after it fails as well.
  outages.delayed(other, silence);
  vi.advanceTimersByTime(toldAfterMs);
  expect([upload.notice, other.notice, waits, vi.getTimerCount()]).toEqual([null, null, [], 0]);
});

test('a computer that is offline is told of once for all, but its uploads wait', () => {
  let offline = true;
  const started = start({ isOffline: () => offline });
  const { upload, waits } = started;
  fail(started, silence);
  expect([upload.notice, waits]).toEqual([null, [true]]);
  offline = false;
  vi.advanceTimersByTime(toldAfterMs);
  expect([upload.notice?.code, waits]).toEqual(['no-answer', [true]]);
});

test('what an upload said before, or says by now, is not lost', () => {
  const started = start();
  const { outages, upload } = started;
  upload.notice = { code: 'started-over-scope', params: {} };
  fail(started, slowDown);
  expect(upload.notice.code).toBe('store-busy');
  outages.passed(upload);
  expect(upload.notice.code).toBe('started-over-scope');
  fail(started, slowDown);
  upload.notice = { code: 'key-too-short', params: {} };
  outages.passed(upload);
  expect(upload.notice.code).toBe('key-too-short');
});

test.each([
  ['its first one is not there', 'preparing', null, true],
  ['the one it has is over', 'uploading', 1000, true],
  ['the one it has lives', 'uploading', 1001, false],
  ['it is not its turn', 'paused', 1000, false],
] as const)('an upload waits for a credential, or does not: %s', (_what, phase, expiresAtMs, awaits) => {
  const { upload } = start();
  upload.state = { phase, startedAtMs: 0, progress: { sourceBytes: 0, sourceBytesSent: 0, bytesSent: 0, bytesTotal: null } };
  if (expiresAtMs !== null) upload.credential = { service: 'ms', bucket: '', region: '', scope: { kind: 'prefix', value: '' }, startsAtMs: 0, expiresAtMs, requestId: '' };
  expect(awaitsCredential(upload, 1000)).toBe(awaits);
});
