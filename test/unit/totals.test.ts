import { beforeEach, expect, test } from 'vitest';
import { TotalsMeter } from '../../main/uploads/totals.ts';
import { newUpload, type Upload, type UploadPlan } from '../../main/uploads/upload.ts';
import { transition, waiting, type UploadEvent } from '../../main/uploads/upload-state.ts';

let meter: TotalsMeter;
let all: Upload[];
let nowMs: number;

beforeEach(() => {
  meter = new TotalsMeter();
  all = [];
  nowMs = 0;
});

function join(sizeHint: number | null): Upload {
  const upload = newUpload(String(all.length), 'source', all.length, { sizeHint } as UploadPlan, waiting);
  all.push(upload);
  meter.joined(upload);
  return upload;
}

function does(upload: Upload, ...events: readonly UploadEvent[]): void {
  for (const event of events) {
    const before = upload.state;
    upload.state = transition(before, event);
    meter.moved(before, upload.state, nowMs);
  }
}

const begins = (sourceBytes: number): readonly UploadEvent[] => [{ type: 'started', atMs: 0 }, { type: 'prepared', sourceBytes, bytesTotal: null }];
const sent = (bytes: number, sourceBytes = bytes): UploadEvent => ({ type: 'sent', bytes, sourceBytes });
const object = { bucket: '', region: '', key: '', size: 0, crc64: '', etag: '', requestId: '' };

function arrives(upload: Upload, bytes: number): void {
  does(upload, ...begins(bytes), sent(bytes), { type: 'all-sent', bytes }, { type: 'stored', atMs: nowMs, object });
}

const totals = () => meter.totals(all, nowMs);

test('progress is that of all together, those that have arrived included', () => {
  const [first, second] = [join(300), join(100), join(200)];
  arrives(first, 300);
  expect(totals()).toMatchObject({ unfinished: 2, done: 1, fraction: 0.5 });
  does(second, ...begins(100), sent(50));
  expect(totals().fraction).toBeCloseTo(350 / 600);
});

test('what nobody knows the size of counts as the average of the others, and leaves the time open', () => {
  does(join(300), ...begins(300), sent(0));
  nowMs = 1_000;
  does(all[0]!, sent(150));
  expect(totals()).toMatchObject({ fraction: 0.5, secondsLeft: 1 });
  join(null);
  expect(totals()).toMatchObject({ fraction: 0.25, secondsLeft: null });
});

test('an empty file is something to do as well', () => {
  const empty = join(0);
  join(0);
  expect(totals().fraction).toBe(0);
  arrives(empty, 0);
  expect(totals().fraction).toBe(0.5);
});

test('what is paused or cancelled is not waited for, and what has failed is over', () => {
  const [paused, cancelled, failed] = [join(100), join(100), join(100)];
  does(join(100), ...begins(100), sent(50));
  does(paused, { type: 'pause-requested' });
  does(cancelled, { type: 'cancel-requested', atMs: 0 });
  expect(totals()).toMatchObject({ unfinished: 2, paused: 1, fraction: 0.25 });
  does(failed, ...begins(100), { type: 'failed', atMs: 0, problem: { code: 'store-failed', params: {} }, leftBehind: null });
  expect(totals()).toMatchObject({ unfinished: 1, failed: 1, fraction: 0.75 });
});

test('a round is over when nothing is left to do, and the next one begins at zero', () => {
  const first = join(100);
  expect(meter.isOver).toBe(false);
  arrives(first, 100);
  expect([meter.isOver, totals().fraction]).toEqual([true, null]);
  const second = join(100);
  expect([meter.isOver, totals().fraction]).toEqual([false, 0]);
  does(second, { type: 'pause-requested' });
  expect(meter.isOver).toBe(true);
});

test('what was paused and goes on again is counted once', () => {
  const upload = join(100);
  join(100);
  does(upload, { type: 'pause-requested' }, { type: 'resume-requested' });
  meter.joined(upload);
  does(upload, ...begins(100), sent(50));
  expect(totals().fraction).toBe(0.25);
  for (const each of all) does(each, { type: 'cancel-requested', atMs: 0 }, { type: 'cancelled', atMs: 0, leftBehind: null });
  expect(meter.isOver).toBe(true);
});

test('the speed is of what was sent, the time of what it stands for on disk, and an upload that starts over takes nothing back', () => {
  const upload = join(1_000);
  does(upload, ...begins(1_000), sent(0));
  nowMs = 1_000;
  // Packed to a half.
  does(upload, sent(100, 200));
  expect(totals()).toMatchObject({ bytesPerSecond: 100, secondsLeft: 4 });
  does(upload, { type: 'prepared', sourceBytes: 1_000, bytesTotal: null });
  expect(totals()).toMatchObject({ bytesPerSecond: 100, fraction: 0, secondsLeft: 5 });
});
