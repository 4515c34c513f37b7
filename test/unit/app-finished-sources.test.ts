import { describe, expect, it } from 'vitest';
import { watchFinishedSources } from '../../main/app/finished-sources.ts';
import type { UploadsDelta } from '../../preload/contract.ts';
import { arrived, noTotals, source, upload } from './app-upload-views.ts';

const delta = (more: Partial<UploadsDelta>): UploadsDelta => ({
  sources: [], uploads: [], removedSourceIds: [], removedUploadIds: [], totals: noTotals, ...more,
});
const expired = { code: 'credential-expired', params: {} } as const;

describe('finished sources', () => {
  it('are told once, when the last of their files has finished', () => {
    const watch = watchFinishedSources();
    const first = upload('s1', 'waiting');
    const second = upload('s1', 'waiting');
    expect(watch(delta({ sources: [source('s1', 'assets')], uploads: [first, second] }))).toEqual([]);
    expect(watch(delta({ uploads: [arrived('s1', 10, { id: first.id })] }))).toEqual([]);
    expect(watch(delta({ uploads: [arrived('s1', 20, { id: second.id })] }))).toEqual([
      { name: 'assets', done: 2, bytes: 30, failed: 0, failedIds: [], unreadId: null, problem: null },
    ]);
    expect(watch(delta({ uploads: [arrived('s1', 20, { id: second.id })] }))).toEqual([]);
  });

  it('are not told while the folder is still being listed', () => {
    const watch = watchFinishedSources();
    expect(watch(delta({ sources: [source('s1', 'assets', { phase: 'reading' })], uploads: [arrived('s1', 1)] }))).toEqual([]);
    expect(watch(delta({ sources: [source('s1', 'assets')] }))).toHaveLength(1);
  });

  it('carry the number of failures and the first reason', () => {
    const watch = watchFinishedSources();
    const uploads = [arrived('s1', 5), upload('s1', 'failed', { problem: expired }), upload('s1', 'failed', { problem: { code: 'interrupted', params: {} } })];
    expect(watch(delta({ sources: [source('s1', 'assets')], uploads }))).toEqual([
      { name: 'assets', done: 1, bytes: 5, failed: 2, failedIds: uploads.slice(1).map(({ id }) => id), unreadId: null, problem: expired },
    ]);
  });

  it('are told when the source itself failed', () => {
    const watch = watchFinishedSources();
    const problem = { code: 'source-missing', params: { name: 'gone' } } as const;
    expect(watch(delta({ sources: [source('s1', 'gone', { phase: 'failed', problem })] }))).toEqual([
      { name: 'gone', done: 0, bytes: 0, failed: 1, failedIds: [], unreadId: 's1', problem },
    ]);
  });

  it('are not told when all of it was cancelled', () => {
    const watch = watchFinishedSources();
    expect(watch(delta({ sources: [source('s1', 'a')], uploads: [upload('s1', 'cancelled')] }))).toEqual([]);
  });

  it('are told again after a retry', () => {
    const watch = watchFinishedSources();
    const failed = upload('s1', 'failed', { problem: expired });
    expect(watch(delta({ sources: [source('s1', 'a')], uploads: [failed] }))).toHaveLength(1);
    expect(watch(delta({ uploads: [{ ...failed, phase: 'waiting', problem: null }] }))).toEqual([]);
    expect(watch(delta({ uploads: [arrived('s1', 3, { id: failed.id })] }))).toMatchObject([{ done: 1, failed: 0 }]);
  });

  it('are told again where a retry failed before anything else was heard of it', () => {
    const watch = watchFinishedSources();
    const failed = upload('s1', 'failed', { problem: expired, finishedAtMs: 1_000 });
    watch(delta({ sources: [source('s1', 'a')], uploads: [failed] }));
    expect(watch(delta({ uploads: [{ ...failed, finishedAtMs: 1_050 }] }))).toMatchObject([{ failed: 1, problem: expired }]);
    const unread = source('s2', 'b', { phase: 'failed', problem: { code: 'source-missing', params: { name: 'b' } } });
    watch(delta({ sources: [unread] }));
    expect(watch(delta({ sources: [{ ...unread, leftOutCount: 1 }] }))).toEqual([]);
    expect(watch(delta({ sources: [{ ...unread, problem: { code: 'source-missing', params: { name: 'b' } } }] }))).toMatchObject([{ name: 'b', failed: 1 }]);
  });

  it('are not told again when they are put back on the list', () => {
    const watch = watchFinishedSources();
    const whole = delta({ sources: [source('s1', 'a')], uploads: [arrived('s1', 3, { finishedAtMs: 1_000 })] });
    watch(whole);
    watch(delta({ removedSourceIds: ['s1'], removedUploadIds: whole.uploads.map(({ id }) => id) }));
    expect(watch(whole)).toEqual([]);
  });

  it('forget what was taken off the list', () => {
    const watch = watchFinishedSources();
    const failed = upload('s1', 'failed', { problem: expired });
    const running = upload('s1', 'uploading');
    watch(delta({ sources: [source('s1', 'a')], uploads: [failed, running] }));
    watch(delta({ removedUploadIds: [failed.id] }));
    expect(watch(delta({ uploads: [arrived('s1', 3, { id: running.id })] }))).toMatchObject([{ done: 1, failed: 0 }]);
    watch(delta({ removedSourceIds: ['s1'] }));
    expect(watch(delta({ uploads: [arrived('s1', 3)] }))).toEqual([]);
  });
});
