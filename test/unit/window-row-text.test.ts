import { expect, test } from 'vitest';
import { bytesText, statusPieces } from '../../renderer/state/row-text.ts';
import { summarize } from '../../renderer/state/summary.ts';
import { Words } from '../../renderer/state/words.svelte.ts';
import { anUpload, aSource } from './window-views.ts';

const words = new Words(() => 'en');
const pieces = (...uploads: Parameters<typeof summarize>[0]) =>
  statusPieces(aSource('s'), summarize(uploads), uploads[0]?.packed ?? false, words);

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
  expect(statusPieces(aSource('s', { phase: 'reading' }), summarize([]), false, words)).toEqual(['Looking through the folder']);
});
