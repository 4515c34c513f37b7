import { expect, test } from 'vitest';
import { SpeedHistory } from '../../main/uploads/speed-history.ts';

test('tells the bytes of each second, also of those in which nothing went, but not of the one that still runs', () => {
  const speeds = new SpeedHistory();
  speeds.record(100, 1_200);
  speeds.record(300, 1_900);
  speeds.record(350, 4_000);
  expect(speeds.bytesPerSecond(4_999)).toEqual([300, 0, 0]);
  expect(speeds.bytesPerSecond(6_000)).toEqual([300, 0, 0, 50, 0]);
});

test('keeps three minutes', () => {
  const speeds = new SpeedHistory();
  for (let second = 0; second < 500; second++) speeds.record((second + 1) * 10, second * 1000);
  expect(speeds.bytesPerSecond(500_000)).toEqual(Array.from({ length: 180 }, () => 10));
});

test('a total that begins anew and a clock that was set back count nothing twice', () => {
  const speeds = new SpeedHistory();
  speeds.record(500, 5_000);
  speeds.record(0, 6_000);
  speeds.record(40, 5_500);
  expect(speeds.bytesPerSecond(7_000)).toEqual([500, 40]);
});

test('tells nothing before anything went', () => {
  expect(new SpeedHistory().bytesPerSecond(1e12)).toEqual([]);
});
