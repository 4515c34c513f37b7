import { describe, expect, test } from 'vitest';
import { bounds, hoursToAdd, parseSpeed, parseTime, parseWhole, speedText } from '../../renderer/state/limits-input.ts';
import { Words } from '../../renderer/state/words.svelte.ts';

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
  test.each<[string, number]>([
    ['00:00', 0], ['9:05', 545], ['09:05', 545], ['23:59', 1439], ['21.30', 1290], ['7', 420], [' 21：30 ', 1290],
    ['12:05 AM', 5], ['9:05\u202fAM', 545], ['12 pm', 720], ['9:05 p.m.', 1265], ['上午9:05', 545], ['下午 9:05', 1265], ['上午12:00', 0],
  ])('%j is %d minutes after midnight', (text, minute) => {
    expect(parseTime(text)).toBe(minute);
  });

  test.each(['', '24:00', '9:60', '9:5', '13 pm', '0 am', 'noon', '9:00 to 10:00'])('%j is none', (text) => {
    expect(parseTime(text)).toBeNaN();
  });

  test.each(['en', 'zh-CN'] as const)('is understood as it is shown in %s', (language) => {
    const words = new Words(() => language);
    for (const minute of [0, 5, 545, 719, 720, 765, 1439]) expect(parseTime(words.timeOfDay(minute))).toBe(minute);
  });
});

test('the hours offered are slower ones in the day, or free ones at night where a limit holds already', () => {
  const limits = { parallelUploads: 6, partsInFlight: 16, bytesPerSecond: null, timetable: [], resumesAtStart: true };
  expect(hoursToAdd(limits)).toEqual({ fromMinute: 540, toMinute: 1080, bytesPerSecond: 5_000_000 });
  expect(hoursToAdd({ ...limits, bytesPerSecond: 1e6 })).toEqual({ fromMinute: 1320, toMinute: 360, bytesPerSecond: null });
});
