import { expect, test } from 'vitest';
import { inPieces, Paced } from '../../main/ipc/in-pieces.ts';
import { aDelta, anUpload, aSource } from './window-views.ts';

const named = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

test('a small change is one piece', () => {
  const delta = aDelta({ sources: [aSource('s')], uploads: [anUpload('u', 's')], removedUploadIds: ['gone'] });
  expect(inPieces(delta)).toEqual([{ ...delta, more: false }]);
});

test('the pieces of a large change are small, in its order and together all of it; what is removed is in the last', () => {
  const sources = named('s', 250).map((id) => aSource(id));
  const uploads = named('u', 1_001).map((id) => anUpload(id, 's0'));
  const pieces = inPieces(aDelta({ sources, uploads, removedSourceIds: ['a'], removedUploadIds: ['b'] }));
  expect(Math.max(...pieces.map((piece) => Math.max(piece.sources.length, piece.uploads.length)))).toBe(200);
  expect(pieces.flatMap((piece) => piece.sources)).toEqual(sources);
  expect(pieces.flatMap((piece) => piece.uploads)).toEqual(uploads);
  expect(pieces.map(({ more, removedSourceIds, removedUploadIds }) => [more, ...removedSourceIds, ...removedUploadIds]))
    .toEqual([...named('', 5).map(() => [true]), [false, 'a', 'b']]);
});

test('what is handed over little by little stays in its order, whatever comes meanwhile, and goes on after a rest', async () => {
  const got: number[] = [];
  const paced = new Paced<number>((one) => got.push(one));
  paced.add([1, 2, 3]);
  expect(got).toEqual([1]);
  paced.add([4]);
  await expect.poll(() => got).toEqual([1, 2, 3, 4]);
  await new Promise((resolve) => setTimeout(resolve, 30));
  paced.add([5, 6]);
  expect(got.slice(4)).toEqual([5]);
  await expect.poll(() => got).toEqual([1, 2, 3, 4, 5, 6]);
});

test('what waits is handed over at once where something else is to come behind it', async () => {
  const got: number[] = [];
  const paced = new Paced<number>((one) => got.push(one));
  paced.add([1, 2, 3]);
  paced.flush();
  expect(got).toEqual([1, 2, 3]);
  paced.add([4]);
  await expect.poll(() => got).toEqual([1, 2, 3, 4]);
});

test('there are never more pieces than come within a tenth of a second', () => {
  const uploads = named('u', 30_000).map((id) => anUpload(id, 's'));
  const pieces = inPieces(aDelta({ uploads }));
  expect(pieces).toHaveLength(10);
  expect(pieces.flatMap((piece) => piece.uploads)).toEqual(uploads);
});
