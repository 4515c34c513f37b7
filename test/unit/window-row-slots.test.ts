import { expect, test } from 'vitest';
import { RowSlots } from '../../renderer/state/row-slots.ts';

const never = () => false;

test('a row keeps its slot wherever it moves to', () => {
  const slots = new RowSlots();
  const [a, b, c] = slots.assign(['a', 'b', 'c'], never);
  expect(slots.assign(['c', 'a', 'b'], never)).toEqual([c, a, b]);
});

test('what comes into sight takes over from what went, the first from the first', () => {
  const slots = new RowSlots();
  const [a, b, c] = slots.assign(['a', 'b', 'c'], never);
  expect(slots.assign(['c', 'd', 'e'], never)).toEqual([c, a, b]);
});

test('no two rows have the same slot, however many there are', () => {
  const slots = new RowSlots();
  slots.assign(['a', 'b'], never);
  expect(new Set(slots.assign(['c', 'b', 'd', 'e'], never)).size).toBe(4);
  expect(new Set(slots.assign(['f', 'g', 'h', 'i', 'j'], never)).size).toBe(5);
});

test('the slot of what has the focus goes with it', () => {
  const slots = new RowSlots();
  const [a, b] = slots.assign(['a', 'b'], never);
  const [c, d] = slots.assign(['c', 'd'], (id) => id === 'a');
  expect([c, d]).toContain(b);
  expect([c, d]).not.toContain(a);
});

test('what comes in before or behind a pinned row takes over from what went on the same side, so that it is never moved', () => {
  const slots = new RowSlots();
  const pinned = (id: string) => id === 'pin';
  const [a, pin, b, c] = slots.assign(['a', 'pin', 'b', 'c'], never, pinned);
  expect(slots.assign(['x', 'pin', 'y', 'z'], never, pinned)).toEqual([a, pin, b, c]);
  const [other] = slots.assign(['u', 'v', 'pin'], never, pinned).slice(1);
  expect([a, pin, b, c]).not.toContain(other);
});
