import { describe, expect, test } from 'vitest';
import { summarize } from '../../renderer/state/summary.ts';
import { UploadList } from '../../renderer/state/upload-list.ts';
import { aDelta, anUpload, aSource } from './window-views.ts';

const ids = (groups: ReturnType<UploadList['apply']>) => groups.map((group) => [group.source.id, ...group.uploads.map((upload) => upload.id)]);

describe('the list', () => {
  test('shows the newest source first, and what was dropped together in the order it is sent', () => {
    const groups = new UploadList().apply(aDelta({
      sources: [aSource('old', { addedAtMs: 1 }), aSource('a', { addedAtMs: 2 }), aSource('b', { addedAtMs: 2 })],
    }));
    expect(ids(groups)).toEqual([['a'], ['b'], ['old']]);
  });

  test('puts failed files first, then those in progress, then waiting and finished ones', () => {
    const groups = new UploadList().apply(aDelta({
      sources: [aSource('s')],
      uploads: [
        anUpload('done', 's', { phase: 'done' }), anUpload('waiting', 's'), anUpload('busy', 's', { phase: 'uploading' }),
        anUpload('failed', 's', { phase: 'failed' }), anUpload('busy2', 's', { phase: 'verifying' }),
      ],
    }));
    expect(ids(groups)).toEqual([['s', 'failed', 'busy', 'busy2', 'waiting', 'done']]);
  });

  test('takes an upload in before its source has come', () => {
    const list = new UploadList();
    expect(list.apply(aDelta({ uploads: [anUpload('u', 's')] }))).toEqual([]);
    expect(ids(list.apply(aDelta({ sources: [aSource('s')] })))).toEqual([['s', 'u']]);
  });

  test('forgets what was removed', () => {
    const list = new UploadList();
    list.apply(aDelta({ sources: [aSource('s'), aSource('t')], uploads: [anUpload('u', 's'), anUpload('v', 's'), anUpload('w', 't')] }));
    expect(ids(list.apply(aDelta({ removedUploadIds: ['u', 'w'], removedSourceIds: ['t'] })))).toEqual([['s', 'v']]);
  });

  test('keeps a group the same object while nothing in it changes', () => {
    const list = new UploadList();
    const [before] = list.apply(aDelta({ sources: [aSource('s', { addedAtMs: 2 }), aSource('t')], uploads: [anUpload('u', 's')] }));
    const [same] = list.apply(aDelta({ uploads: [anUpload('v', 't')] }));
    const [changed] = list.apply(aDelta({ uploads: [anUpload('u', 's', { phase: 'uploading' })] }));
    expect(same).toBe(before);
    expect(changed).not.toBe(before);
  });

  test('starts over from a whole list', () => {
    const list = new UploadList();
    list.apply(aDelta({ sources: [aSource('gone')] }));
    expect(ids(list.replace(aDelta({ sources: [aSource('s')] })))).toEqual([['s']]);
  });
});

describe('a source with many files', () => {
  test('adds up their bytes, counts and speed', () => {
    expect(summarize([
      anUpload('a', 's', { phase: 'done', fraction: 1, bytesSent: 100, startedAtMs: 5, finishedAtMs: 9 }),
      anUpload('b', 's', { phase: 'uploading', fraction: 0.5, bytesSent: 150, bytesTotal: 300, bytesPerSecond: 50, startedAtMs: 7 }),
    ])).toEqual({
      phase: 'uploading', count: 2, done: 1, failed: 0, unfinished: 1, fraction: 0.625, bytesSent: 250, bytesTotal: 400,
      sourceBytes: 400, bytesPerSecond: 50, secondsLeft: 3, startedAtMs: 5, finishedAtMs: null,
    });
  });

  test('is failed when all is over and one of them failed', () => {
    const summary = summarize([
      anUpload('a', 's', { phase: 'done', fraction: 1, finishedAtMs: 4 }),
      anUpload('b', 's', { phase: 'failed', finishedAtMs: 8 }),
      anUpload('c', 's', { phase: 'cancelled', finishedAtMs: 6 }),
    ]);
    expect(summary).toMatchObject({ phase: 'failed', done: 1, failed: 1, unfinished: 0, finishedAtMs: 8, secondsLeft: null });
  });

  test('is not waiting between two of its files', () => {
    expect(summarize([anUpload('a', 's', { phase: 'done' }), anUpload('b', 's')]).phase).toBe('uploading');
    expect(summarize([anUpload('a', 's'), anUpload('b', 's')]).phase).toBe('waiting');
  });

  test('counts files where none of them has a byte', () => {
    const zero = { bytesTotal: 0, sourceBytes: 0 };
    expect(summarize([anUpload('a', 's', { ...zero, phase: 'done', fraction: 1 }), anUpload('b', 's', zero)]).fraction).toBe(0.5);
  });

  test('has an empty summary before its files are known', () => {
    expect(summarize([])).toMatchObject({ phase: 'waiting', count: 0, fraction: 0, unfinished: 0 });
  });
});
