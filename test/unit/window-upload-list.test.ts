import { describe, expect, test } from 'vitest';
import { summarize } from '../../renderer/state/summary.ts';
import { UploadList } from '../../renderer/state/upload-list.ts';
import { aDelta, anUpload, aSource } from './window-views.ts';

const ids = (groups: ReturnType<UploadList['apply']>) => groups.map((group) => [group.source.id, ...group.uploads.map((upload) => upload.id)]);

describe('the list', () => {
  test('shows failed sources first, then those in progress, then the queue and finished ones', () => {
    const phases = { done: 'done', waiting: 'waiting', failed: 'failed', busy: 'uploading', paused: 'paused', last: 'waiting', pausing: 'pausing' } as const;
    const groups = new UploadList().apply(aDelta({
      sources: [aSource('reading', { phase: 'reading', addedAtMs: -1 }), ...Object.keys(phases).map((id) => aSource(id)), aSource('unreadable', { phase: 'failed' })],
      uploads: Object.entries(phases).map(([id, phase]) => anUpload(`${id}-upload`, id, { phase })),
    }));
    expect(groups.map((group) => group.source.id))
      .toEqual(['failed', 'unreadable', 'busy', 'pausing', 'waiting', 'paused', 'last', 'reading', 'done']);
  });

  test('shows the newest of the finished first, and what was dropped together in the order it was sent', () => {
    const finished = [aSource('old', { addedAtMs: 1 }), aSource('a', { addedAtMs: 2 }), aSource('b', { addedAtMs: 2 })];
    const groups = new UploadList().apply(aDelta({
      sources: finished, uploads: finished.map(({ id }) => anUpload(`${id}-upload`, id, { phase: 'done' })),
    }));
    expect(groups.map((group) => group.source.id)).toEqual(['a', 'b', 'old']);
  });

  test('shows what was dropped last at the end of the queue', () => {
    const list = new UploadList();
    list.apply(aDelta({ sources: [aSource('first', { addedAtMs: 1 })], uploads: [anUpload('u', 'first')] }));
    expect(ids(list.apply(aDelta({ sources: [aSource('second', { addedAtMs: 2 })], uploads: [anUpload('v', 'second')] }))))
      .toEqual([['first', 'u'], ['second', 'v']]);
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

describe('the queue', () => {
  const queue = (change: Parameters<typeof anUpload>[2] = {}) => {
    const list = new UploadList();
    list.apply(aDelta({
      sources: [aSource('s'), aSource('folder'), aSource('t')],
      uploads: [anUpload('u', 's', change), anUpload('a', 'folder'), anUpload('b', 'folder'), anUpload('c', 'folder'), anUpload('v', 't')],
    }));
    return list;
  };

  test('can have an upload moved in front of another, and of a file inside of a folder', () => {
    expect(ids(queue().move(['v'], 'u'))).toEqual([['t', 'v'], ['s', 'u'], ['folder', 'a', 'b', 'c']]);
    expect(ids(queue().move(['c'], 'a'))).toEqual([['s', 'u'], ['folder', 'c', 'a', 'b'], ['t', 'v']]);
  });

  test('can have uploads moved to its end, together and in their order', () => {
    expect(ids(queue().move(['a', 'b', 'c'], null))).toEqual([['s', 'u'], ['t', 'v'], ['folder', 'a', 'b', 'c']]);
  });

  test('keeps its order when an upload changes, waits again, or a new one comes', () => {
    const list = queue();
    list.move(['v'], 'u');
    list.apply(aDelta({ uploads: [anUpload('v', 't', { phase: 'paused' })] }));
    const groups = list.apply(aDelta({ sources: [aSource('new')], uploads: [anUpload('n', 'new')] }));
    expect(groups.map((group) => group.source.id)).toEqual(['t', 's', 'folder', 'new']);
  });

  test('is put to its end by a move before an upload that is gone', () => {
    const list = queue();
    list.apply(aDelta({ removedSourceIds: ['t'], removedUploadIds: ['v'] }));
    expect(ids(list.move(['u'], 'v'))).toEqual([['folder', 'a', 'b', 'c'], ['s', 'u']]);
  });

  test('leaves out what is under way, which is shown above it', () => {
    const groups = queue({ phase: 'uploading' }).move(['u'], null);
    expect(groups.map(({ source, queued }) => [source.id, ...queued.map(({ id }) => id)])).toEqual([['s'], ['folder', 'a', 'b', 'c'], ['t', 'v']]);
  });
});

describe('a source with many files', () => {
  test('adds up their bytes, counts and speed', () => {
    expect(summarize([
      anUpload('a', 's', { phase: 'done', fraction: 1, bytesSent: 100, startedAtMs: 5, finishedAtMs: 9 }),
      anUpload('b', 's', { phase: 'uploading', fraction: 0.5, bytesSent: 150, bytesTotal: 300, bytesPerSecond: 50, startedAtMs: 7 }),
    ])).toEqual({
      phase: 'uploading', count: 2, done: 1, failed: 0, unfinished: 1, paused: 0, fraction: 0.625, bytesSent: 250, bytesTotal: 400,
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

  test('is paused when nothing else is left to do, and waits as long as one of them waits', () => {
    const [done, paused] = [anUpload('a', 's', { phase: 'done' }), anUpload('b', 's', { phase: 'paused' })];
    expect(summarize([done, paused])).toMatchObject({ phase: 'paused', paused: 1, unfinished: 1 });
    expect(summarize([paused, anUpload('c', 's')]).phase).toBe('waiting');
    expect(summarize([paused, anUpload('c', 's', { phase: 'pausing' })]).phase).toBe('pausing');
  });

  test('counts only what goes on into the time left', () => {
    expect(summarize([
      anUpload('a', 's', { phase: 'uploading', fraction: 0.5, bytesPerSecond: 10 }), anUpload('b', 's'),
      anUpload('c', 's', { phase: 'paused' }), anUpload('d', 's', { phase: 'failed' }),
    ]).secondsLeft).toBe(15);
  });

  test('counts files where none of them has a byte', () => {
    const zero = { bytesTotal: 0, sourceBytes: 0 };
    expect(summarize([anUpload('a', 's', { ...zero, phase: 'done', fraction: 1 }), anUpload('b', 's', zero)]).fraction).toBe(0.5);
  });

  test('has an empty summary before its files are known', () => {
    expect(summarize([])).toMatchObject({ phase: 'waiting', count: 0, fraction: 0, unfinished: 0 });
  });
});
