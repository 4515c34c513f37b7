import { expect, test } from 'vitest';
import { noticesOf } from '../../renderer/state/notices.ts';
import { bytesText, statusPieces } from '../../renderer/state/row-text.ts';
import { summarize } from '../../renderer/state/summary.ts';
import { Words } from '../../renderer/state/words.svelte.ts';
import { anUpload, aSource } from './window-views.ts';

const words = new Words(() => 'en');
const said = (offline: boolean, uploads: Parameters<typeof summarize>[0]) =>
  statusPieces(aSource('s'), summarize(uploads), uploads[0]?.packed ?? false, words, offline);
const pieces = (...uploads: Parameters<typeof summarize>[0]) => said(false, uploads);

test('a package that is still being packed says what was sent and what is packed', () => {
  expect(pieces(anUpload('u', 's', { packed: true, phase: 'uploading', bytesSent: 1.2e9, bytesTotal: null, sourceBytes: 3.4e9 })))
    .toEqual(['Packing and uploading', '1.2 GB sent \u00b7 packing 3.4 GB']);
});

test('a file says how much of it is there', () => {
  expect(pieces(anUpload('u', 's', { phase: 'uploading', bytesSent: 4e6, bytesTotal: 8e6 }))).toEqual(['Uploading', '4 MB of 8 MB']);
});

test('a finished file says its size and how long it took', () => {
  expect(pieces(anUpload('u', 's', { phase: 'done', bytesTotal: 8e6, startedAtMs: 0, finishedAtMs: 200_000 })).slice(0, 3))
    .toEqual(['Verified', '8 MB', 'took 3 min']);
});

test('a folder counts its files, and those that failed', () => {
  expect(pieces(anUpload('a', 's', { phase: 'done', fraction: 1, bytesSent: 100 }), anUpload('b', 's', { phase: 'failed' }), anUpload('c', 's')))
    .toEqual(['Uploading', '1 failed', '1 of 3 files', '100 B of 300 B']);
});

test('nothing is said about bytes before any are known', () => {
  expect(bytesText(summarize([anUpload('u', 's', { phase: 'preparing', bytesTotal: null, sourceBytes: null })]), words)).toBe('');
});

test('a folder that is being read says only that', () => {
  expect(statusPieces(aSource('s', { phase: 'reading' }), summarize([]), false, words, true)).toEqual(['Looking through the folder']);
});

test('a paused package says what was sent, without a size nobody packs any more', () => {
  const paused = { packed: true, phase: 'paused', bytesTotal: null, sourceBytes: 3.4e9 } as const;
  expect(pieces(anUpload('u', 's', { ...paused, bytesSent: 1.2e9 }))).toEqual(['Paused', '1.2 GB sent']);
  expect(pieces(anUpload('u', 's', paused))).toEqual(['Paused', '3.4 GB']);
});

test('a failed upload does not count what was sent in vain', () => {
  expect(pieces(anUpload('u', 's', { phase: 'failed', bytesSent: 5, bytesTotal: null, sourceBytes: 8e6 }))).toEqual(['Failed', '8 MB']);
});

test.each([
  ['preparing', 'Waiting for the network'], ['uploading', 'Waiting for the network'], ['verifying', 'Waiting for the network'],
  ['waiting', 'Waiting'], ['paused', 'Paused'], ['done', 'Verified'],
] as const)('without a connection an upload that is %s says: %s', (phase, text) => {
  expect(said(true, [anUpload('u', 's', { phase })])[0]).toBe(text);
});

test('a folder counts its paused files while others go on, and not once all are', () => {
  const paused = anUpload('a', 's', { phase: 'paused' });
  expect(pieces(paused, anUpload('b', 's', { phase: 'uploading' }))).toContain('1 paused');
  expect(pieces(paused, anUpload('b', 's', { phase: 'paused' }))).not.toContain('2 paused');
});

test('a notice is told once for all files it is about, and no longer when they are finished', () => {
  const notice = { code: 'started-over-parts', params: {} } as const;
  const tooShort = { code: 'key-too-short', params: { minutesNeeded: 90, minutesLeft: 53 } } as const;
  expect(noticesOf([
    anUpload('a', 's', { notice, phase: 'done' }), anUpload('b', 's', { notice, phase: 'uploading' }), anUpload('c', 's'),
    anUpload('d', 's', { notice: tooShort, phase: 'paused' }), anUpload('e', 's', { notice, phase: 'waiting' }),
  ])).toEqual([{ problem: notice, name: 'b.zip', more: 1 }, { problem: tooShort, name: 'd.zip', more: 0 }]);
});
