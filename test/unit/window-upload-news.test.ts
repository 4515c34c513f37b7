import { expect, test, vi } from 'vitest';
import type { SourceView, Totals, UploadsDelta, UploadView } from '../../preload/contract.ts';
import { announceUploads } from '../../renderer/state/announce-uploads.ts';
import { Announcer } from '../../renderer/state/announcer.svelte.ts';
import { UploadList, type SourceGroup } from '../../renderer/state/upload-list.ts';
import { NewsWatch } from '../../renderer/state/upload-news.ts';
import { Words } from '../../renderer/state/words.svelte.ts';
import { aDelta, anUpload, aSource } from './window-views.ts';

/** The list from one delta to the next, and what is told after each. */
function aList(...stoodThere: readonly (readonly [SourceView, UploadView])[]) {
  const list = new UploadList();
  const watch = new NewsWatch();
  const look = (change: Partial<UploadsDelta>, totals: Partial<Totals> = {}) => watch.look(list.apply(aDelta(change)), { ...aDelta().totals, ...totals });
  const take = () => {
    const { started, finished, failed, progress } = watch.take();
    const names = (groups: typeof started) => groups.map(({ source }) => source.name);
    return { started: names(started), finished: names(finished), failed: names(failed), progress };
  };
  look({ sources: stoodThere.map(([source]) => source), uploads: stoodThere.map(([, upload]) => upload) });
  return { look, take };
}
const nothing = { started: [], finished: [], failed: [], progress: null };
const going = (id: string) => [aSource(id), anUpload(id, id, { phase: 'uploading' })] as const;
const ended = (id: string, phase: 'done' | 'failed' | 'cancelled', finishedAtMs = 5) => anUpload(id, id, { phase, finishedAtMs });

test('what stood there at the first look is no news', () => {
  const { look, take } = aList(going('a'), [aSource('b'), ended('b', 'done')]);
  expect(look({ uploads: [anUpload('a', 'a', { phase: 'uploading', fraction: 0.1 })] })).toBe(false);
  expect(take()).toEqual(nothing);
});

test('an upload starts once, and ends once', () => {
  const { look, take } = aList();
  expect(look({ sources: [aSource('a'), aSource('b')], uploads: [going('a')[1], going('b')[1]] })).toBe(true);
  expect(take()).toEqual({ ...nothing, started: ['a', 'b'] });
  expect(look({ uploads: [anUpload('a', 'a', { phase: 'verifying' })] })).toBe(false);
  look({ uploads: [ended('a', 'done'), ended('b', 'failed')] });
  expect(take()).toEqual({ ...nothing, finished: ['a'], failed: ['b'] });
  expect(look({})).toBe(false);
});

test('what ended before its start was told is told as ended', () => {
  const { look, take } = aList();
  look({ sources: [aSource('a')], uploads: [going('a')[1]] });
  look({ uploads: [ended('a', 'done')] });
  expect(take()).toEqual({ ...nothing, finished: ['a'] });
});

test('what was cancelled is no news, nor is what was taken off before it was told', () => {
  const { look, take } = aList();
  look({ sources: [aSource('a'), aSource('b')], uploads: [going('a')[1], going('b')[1]] });
  look({ uploads: [ended('a', 'cancelled'), ended('b', 'done')], removedSourceIds: ['b'] });
  expect(take()).toEqual(nothing);
});

test('what is put back on the list is not told once more, but its retry is', () => {
  const { look, take } = aList();
  look({ sources: [aSource('a'), aSource('gone', { phase: 'failed' })], uploads: [ended('a', 'failed')] });
  expect(take()).toEqual({ ...nothing, failed: ['a', 'gone'] });
  look({ removedSourceIds: ['a', 'gone'] });
  expect(look({ sources: [aSource('a'), aSource('gone', { phase: 'failed' })], uploads: [ended('a', 'failed')] })).toBe(false);
  look({ uploads: [going('a')[1]] });
  expect(take()).toEqual({ ...nothing, started: ['a'] });
});

test('a retry that failed before the list was sent is told', () => {
  const { look, take } = aList([aSource('a'), ended('a', 'failed', 5)], [aSource('gone', { phase: 'failed' }), anUpload('x', 'other')]);
  look({ uploads: [ended('a', 'failed', 9)] });
  expect(take()).toEqual({ ...nothing, failed: ['a'] });
  look({ sources: [aSource('gone', { phase: 'failed' })] });
  expect(take()).toEqual({ ...nothing, failed: ['gone'] });
});

test('each quarter of the way is told once, and none when all is over', () => {
  const { look, take } = aList(going('a'));
  const at = (fraction: number) => look({}, { unfinished: 1, fraction });
  expect(at(0.2)).toBe(false);
  expect([at(0.26), take().progress, at(0.3)]).toEqual([true, 0.25, false]);
  expect([at(0.8), take().progress]).toEqual([true, 0.75]);
  expect(at(1)).toBe(false);
  // More was added.
  expect([at(0.4), at(0.51), take().progress]).toEqual([false, true, 0.5]);
  expect([look({}, { unfinished: 0, fraction: null }), take().progress]).toEqual([false, null]);
});

test('thousands that end one after the other are told now and then, and the last of them at once', () => {
  vi.useFakeTimers();
  try {
    const list = new UploadList();
    const announcer = new Announcer();
    const totals: Totals = { ...aDelta().totals, unfinished: 3000, fraction: 0.1 };
    const store = { groups: [] as readonly SourceGroup[], totals };
    const words = new Words(() => 'en');
    const announcements = announceUploads({ store, words, announcer });
    announcements.look();
    const said: string[] = [];
    for (let count = 1; count <= 3000; count++) {
      store.groups = list.apply(aDelta({ sources: [aSource(`s${count}`)], uploads: [anUpload(`u${count}`, `s${count}`, { phase: 'done', finishedAtMs: count })] }));
      if (count === 3000) store.totals = aDelta().totals;
      announcements.look();
      vi.advanceTimersByTime(20);
      if (announcer.turn > said.length) said.push(announcer.sentences.join(' '));
    }
    expect(said.length).toBe(6);
    vi.advanceTimersByTime(1_500);
    expect([announcer.turn, said[0], announcer.sentences]).toEqual([7, '75 uploads finished.', ['425 uploads finished.']]);
  } finally {
    vi.useRealTimers();
  }
});
