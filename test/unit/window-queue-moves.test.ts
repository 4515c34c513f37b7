import { expect, test } from 'vitest';
import { dropMove, frontMove, stepMove, stepOf } from '../../renderer/state/queue-moves.ts';
import { anUpload } from './window-views.ts';

const items = [['a'], ['b1', 'b2'], ['c']].map((ids) => ids.map((id) => anUpload(id, id)));
const [a = [], b = []] = items;

test('one place up is in front of the one above, with all files of a folder', () => {
  expect(stepMove(items, [1], -1)).toEqual({ uploadIds: ['b1', 'b2'], beforeUploadId: 'a' });
});

test('one place down is the one below in front of it', () => {
  expect(stepMove(items, [1], 1)).toEqual({ uploadIds: ['c'], beforeUploadId: 'b1' });
});

test('there is no step past either end, nor for what is not in the queue', () => {
  expect([stepMove(items, [0], -1), stepMove(items, [2], 1), stepMove(items, [], -1), stepMove([], [0], 1)]).toEqual([null, null, null, null]);
});

test('the front is before everything, and nothing moves that is there', () => {
  expect(frontMove(items, b)).toEqual({ uploadIds: ['b1', 'b2'], beforeUploadId: 'a' });
  expect(frontMove(items, a)).toBeNull();
});

test('the first file of a folder is not at the front where others come before the folder', () => {
  expect(frontMove(items, b.slice(0, 1))).toEqual({ uploadIds: ['b1'], beforeUploadId: 'a' });
});

test('a row dropped on the upper half of another goes in front of it, on the lower half behind it', () => {
  expect(dropMove(items, [2], 0, false)).toEqual({ uploadIds: ['c'], beforeUploadId: 'a' });
  expect(dropMove(items, [2], 0, true)).toEqual({ uploadIds: ['c'], beforeUploadId: 'b1' });
});

test('a row dropped behind the last one goes to the end', () => {
  expect(dropMove(items, [1], 2, true)).toEqual({ uploadIds: ['b1', 'b2'], beforeUploadId: null });
});

test('a row dropped where it is stays there, whichever neighbour it is dropped on', () => {
  expect([dropMove(items, [1], 0, true), dropMove(items, [1], 2, false), dropMove(items, [1], 1, true), dropMove(items, [], 1, true)])
    .toEqual([null, null, null, null]);
});

const five = ['a', 'b', 'c', 'd', 'e'].map((id) => [anUpload(id, id)]);

test('several rows move one place together', () => {
  expect(stepMove(five, [1, 2], -1)).toEqual({ uploadIds: ['b', 'c'], beforeUploadId: 'a' });
  expect(stepMove(five, [1, 2], 1)).toEqual({ uploadIds: ['d'], beforeUploadId: 'b' });
  expect([stepMove(five, [0, 1], -1), stepMove(five, [3, 4], 1)]).toEqual([null, null]);
});

test('several rows that stand apart come together where the outermost of them goes', () => {
  expect(stepMove(five, [1, 3], -1)).toEqual({ uploadIds: ['b', 'd'], beforeUploadId: 'a' });
  expect(stepMove(five, [0, 2], 1)).toEqual({ uploadIds: ['a', 'c'], beforeUploadId: 'e' });
  expect(stepMove(five, [0, 3], 1)).toEqual({ uploadIds: ['a', 'd'], beforeUploadId: null });
});

test('several rows are dropped together, never in front of one of themselves', () => {
  expect(dropMove(five, [0, 3], 2, false)).toEqual({ uploadIds: ['a', 'd'], beforeUploadId: 'c' });
  expect(dropMove(five, [0, 3], 2, true)).toEqual({ uploadIds: ['a', 'd'], beforeUploadId: 'e' });
  expect(dropMove(five, [0, 1], 4, true)).toEqual({ uploadIds: ['a', 'b'], beforeUploadId: null });
  expect([dropMove(five, [1, 2], 0, true), dropMove(five, [1, 2], 2, false), dropMove(five, [1, 2], 3, false)]).toEqual([null, null, null]);
});

test('Alt with an arrow moves, and nothing else does', () => {
  const key = (name: string, change = {}) => stepOf({ key: name, altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, ...change });
  expect([key('ArrowUp'), key('ArrowDown')]).toEqual([-1, 1]);
  expect([key('ArrowUp', { altKey: false }), key('ArrowUp', { ctrlKey: true }), key('ArrowLeft'), key('Enter')]).toEqual([0, 0, 0, 0]);
});
