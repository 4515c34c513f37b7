import { expect, it } from 'vitest';
import { atMostEvery } from '../../main/app/at-most-every.ts';

it('runs at once, then gathers calls into one at the end of each interval', () => {
  const timers: (() => void)[] = [];
  let runs = 0;
  const call = atMostEvery(1_000, () => (runs += 1), (later) => timers.push(later));

  call();
  expect(runs).toBe(1);
  call();
  call();
  expect(runs).toBe(1);
  timers.shift()?.();
  expect(runs).toBe(2);

  // That run began an interval of its own, in which nothing was called.
  timers.shift()?.();
  expect(runs).toBe(2);
  expect(timers).toEqual([]);
  call();
  expect(runs).toBe(3);
});
