import { expect, test } from 'vitest';
import { bytesPerSecondAt } from '../../main/uploads/limit-now.ts';

const at = (hours: number, minutes: number): Date => new Date(2026, 0, 5, hours, minutes);
const limits = {
  parallelUploads: 6, partsInFlight: 16, resumesAtStart: true,
  bytesPerSecond: 1000,
  timetable: [
    { fromMinute: 9 * 60, toMinute: 18 * 60, bytesPerSecond: 200 },
    { fromMinute: 22 * 60, toMinute: 6 * 60, bytesPerSecond: null },
    { fromMinute: 17 * 60, toMinute: 19 * 60, bytesPerSecond: 300 },
  ],
};

test.each([
  ['outside of all hours the general limit holds', 8, 59, 1000],
  ['from the first minute of an hour its own', 9, 0, 200],
  ['of two that fit the first', 17, 30, 200],
  ['up to, and without, its last minute', 18, 0, 300],
  ['over midnight', 23, 59, null],
  ['and after it', 5, 59, null],
  ['but not longer', 6, 0, 1000],
])('%s', (_what, hours, minutes, expected) => {
  expect(bytesPerSecondAt(limits, at(hours, minutes))).toBe(expected);
});
