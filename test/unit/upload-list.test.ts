import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newUpload, type Upload, type UploadPlan } from '../../main/uploads/upload.ts';
import { UploadList } from '../../main/uploads/upload-list.ts';
import { waiting } from '../../main/uploads/upload-state.ts';

let list: UploadList;
/** How many uploads each delta told of, and when. */
let told: { readonly atMs: number; readonly uploads: number }[];

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  told = [];
  list = new UploadList({ now: Date.now, publish: ({ uploads }) => { told.push({ atMs: Date.now(), uploads: uploads.length }); } });
});

afterEach(() => { vi.useRealTimers(); });

function add(many: number): readonly Upload[] {
  return Array.from({ length: many }, (_, index) => {
    const upload = newUpload(String(index), 'source', index, { account: { id: '' }, destination: { service: 'ms' }, name: '', paths: [] } as unknown as UploadPlan, waiting);
    list.add(upload);
    return upload;
  });
}

/** All of them change, each 10 ms, for so long. */
function changing(uploads: readonly Upload[], forMs: number): void {
  for (let passedMs = 0; passedMs < forMs; passedMs += 10) {
    for (const upload of uploads) list.touch(upload);
    vi.advanceTimersByTime(10);
  }
}

test.each([[50, 100], [100, 200], [1_000, 400]])('of %d uploads that change the window is told every %d ms', (many, everyMs) => {
  const uploads = add(many);
  vi.advanceTimersByTime(100);
  changing(uploads, 2_500);
  expect(told.map(({ uploads: changed }) => changed)).toEqual(Array.from(told, () => many));
  const gaps = told.slice(1).map(({ atMs }, index) => atMs - told[index]!.atMs);
  expect(gaps.length).toBeGreaterThanOrEqual(4);
  // The first change after it was told begins the wait.
  expect(gaps.every((gap) => gap >= everyMs && gap <= everyMs + 10)).toBe(true);
});

test('the window is told as often as before once fewer change', () => {
  const uploads = add(200);
  vi.advanceTimersByTime(100);
  changing(uploads.slice(0, 3), 600);
  const gaps = told.slice(1).map(({ atMs }, index) => atMs - told[index]!.atMs);
  expect(gaps[0]).toBe(400);
  expect(Math.max(...gaps.slice(1))).toBeLessThanOrEqual(110);
});

test('nothing is told where nothing changes', () => {
  add(1);
  vi.advanceTimersByTime(10_000);
  expect(told).toEqual([{ atMs: 100, uploads: 1 }]);
});

test('what a person has asked for is told at once, however many change', () => {
  const uploads = add(1_000);
  vi.advanceTimersByTime(100);
  changing(uploads, 100);
  list.hurry();
  list.hurry();
  vi.advanceTimersByTime(1);
  expect(told).toEqual([{ atMs: 100, uploads: 1_000 }, { atMs: 200, uploads: 1_000 }]);
});

test('after a rest a change is told as soon as any, however many there were before', () => {
  const uploads = add(1_000);
  vi.advanceTimersByTime(2_000);
  changing(uploads.slice(0, 1), 100);
  expect(told).toEqual([{ atMs: 100, uploads: 1_000 }, { atMs: 2_100, uploads: 1 }]);
});
