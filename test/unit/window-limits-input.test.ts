import { describe, expect, test } from 'vitest';
import { bounds, hoursToAdd, parseSpeed, parseTime, parseWhole, speedText, timeText } from '../../renderer/state/limits-input.ts';

describe('a number of uploads or parts', () => {
  test.each([['1', 1], [' 32 ', 32], ['007', 7]])('%j is %d', (text, value) => {
    expect(parseWhole(text, bounds.parallelUploads)).toBe(value);
  });

  test.each(['', '0', '33', '-1', '2.5', '1e1', 'six'])('%j is refused', (text) => {
    expect(parseWhole(text, bounds.parallelUploads)).toBeNaN();
  });
});

describe('a speed', () => {
  test.each([['5', 5_000_000], ['2.5', 2_500_000], ['2,5', 2_500_000], [' 0.1 ', 100_000], ['10000', 10_000_000_000]])('%j MB/s is %d bytes a second', (text, value) => {
    expect(parseSpeed(text)).toBe(value);
  });

  test('that is empty is none at all', () => {
    expect(parseSpeed('  ')).toBeNull();
    expect(speedText(null)).toBe('');
  });

  test.each(['0', '0.05', '10001', '-5', '5 MB', '1.', '.5', '1,000.5', 'fast'])('%j is refused', (text) => {
    expect(parseSpeed(text)).toBeNaN();
  });

  test.each([100_000, 2_500_000, 333_333, 5_000_000])('of %d is understood as it is shown', (bytesPerSecond) => {
    expect(parseSpeed(speedText(bytesPerSecond))).toBe(bytesPerSecond);
  });
});

describe('a time of day', () => {
  test.each([[0, '00:00'], [545, '09:05'], [1439, '23:59']])('%d minutes after midnight is %s', (minute, text) => {
    expect(timeText(minute)).toBe(text);
    expect(parseTime(text)).toBe(minute);
  });

  test('that is not filled in is none', () => {
    expect(parseTime('')).toBeNaN();
  });
});

test('the hours offered are slower ones in the day, or free ones at night where a limit holds already', () => {
  const limits = { parallelUploads: 6, partsInFlight: 16, bytesPerSecond: null, timetable: [], resumesAtStart: true };
  expect(hoursToAdd(limits)).toEqual({ fromMinute: 540, toMinute: 1080, bytesPerSecond: 5_000_000 });
  expect(hoursToAdd({ ...limits, bytesPerSecond: 1e6 })).toEqual({ fromMinute: 1320, toMinute: 360, bytesPerSecond: null });
});
