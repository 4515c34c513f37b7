import { afterEach, describe, expect, test } from 'vitest';
import {
  formatBytes, formatCountdown, formatDuration, formatExactDuration, formatNumber, formatPercent, formatSpeed, formatTime,
} from '../../preload/locales/formats.ts';

describe('sizes', () => {
  test.each([
    [0, '0 B'], [999, '999 B'], [1000, '1 kB'], [512_400, '512 kB'], [999_499, '999 kB'], [999_500, '1 MB'],
    [64_230_000, '64.2 MB'], [640_000_000, '640 MB'], [1_254_000_000, '1.25 GB'], [12_340_000_000, '12.3 GB'], [3e12, '3 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes, 'en')).toBe(text);
  });

  test('a size beyond the largest unit keeps its separators', () => {
    expect(formatBytes(1.5e15, 'zh-CN')).toBe('1,500 TB');
  });

  test('a speed is a size a second', () => {
    expect(formatSpeed(12_340_000, 'en')).toBe('12.3 MB/s');
    expect(formatSpeed(12, 'en')).toBe('12 B/s');
    expect(formatSpeed(12_340_000, 'zh-CN')).toBe('12.3 MB/\u79d2');
  });
});

describe('shares', () => {
  test('only a finished thing shows 100 %', () => {
    expect(formatPercent(0.9999, 'en')).toBe('99%');
    expect(formatPercent(1, 'en')).toBe('100%');
  });

  test('a whole percent is not lost to floating point', () => {
    expect(formatPercent(0.29, 'zh-CN')).toBe('29%');
  });
});

describe('time spans', () => {
  test.each([
    [0, '0 sec', '0 \u79d2'], [45.4, '45 sec', '45 \u79d2'], [119, '2 min', '2 \u5206\u949f'], [3599, '1 hr', '1 \u5c0f\u65f6'], [86_399, '1 day', '1 \u5929'], [200, '3 min', '3 \u5206\u949f'],
    [3900, '1 hr 5 min', '1 \u5c0f\u65f6 5 \u5206\u949f'], [7200, '2 hr', '2 \u5c0f\u65f6'], [180_000, '2 days 2 hr', '2 \u5929 2 \u5c0f\u65f6'],
  ])('%d seconds are read at a glance', (seconds, en, zh) => {
    expect(formatDuration(seconds, 'en')).toBe(en);
    expect(formatDuration(seconds, 'zh-CN')).toBe(zh);
  });

  test('a value someone has set is shown to the second', () => {
    expect(formatExactDuration(5430, 'en')).toBe('1 hour 30 minutes 30 seconds');
    expect(formatExactDuration(3600, 'zh-CN')).toBe('1 \u5c0f\u65f6');
  });

  test.each([[3723, '1:02:03'], [245, '4:05'], [59.2, '1:00'], [0, '0:00'], [-5, '0:00']])('a clock with %d seconds left shows %s', (seconds, text) => {
    expect(formatCountdown(seconds)).toBe(text);
  });
});

test('a moment of today is a time of day, any other has its date', () => {
  const now = new Date(2026, 10, 21, 15, 4).getTime();
  expect(formatTime(now, 'zh-CN', now)).toBe('15:04');
  expect(formatTime(now - 24 * 3600_000, 'zh-CN', now)).toBe('2026\u5e7411\u670820\u65e5 15:04');
});

test('a count has its separators', () => {
  expect(formatNumber(5000, 'en')).toBe('5,000');
});

describe('in another time zone', () => {
  const zone = process.env['TZ'];

  afterEach(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  test('a moment is told by the zone that the computer is in now, not by the one it was in', () => {
    const noon = Date.UTC(2026, 10, 21, 12);
    const told = ['Asia/Shanghai', 'UTC', 'Asia/Shanghai'].map((name) => {
      process.env['TZ'] = name;
      return formatTime(noon, 'zh-CN', noon);
    });
    expect(told).toEqual(['20:00', '12:00', '20:00']);
  });
});
