import { describe, expect, test } from 'vitest';
import { formatExactDuration } from '../../preload/locales/formats.ts';
import { fieldOf } from '../../renderer/state/account-problem.ts';
import { parseDuration } from '../../renderer/state/duration-input.ts';
import { splitMiddle } from '../../renderer/state/split-middle.ts';
import { visibleRange } from '../../renderer/state/visible-range.ts';

describe('a typed duration', () => {
  test.each([
    ['7200', 7200], ['90 min', 5400], ['1.5h', 5400], ['1 h 30 min', 5400], ['2\u5c0f\u65f6', 7200], ['1 \u5929', 86400], [' 45 s ', 45], ['1 hour 30 minutes', 5400],
  ])('%s is %d seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  test('that is empty leaves the default', () => {
    expect(parseDuration('  ')).toBeNull();
  });

  test.each(['soon', '5 parsecs', '-5 min', '1 h later', 'h'])('%s is none', (text) => {
    expect(parseDuration(text)).toBeNaN();
  });

  test.each([1, 1800, 5430, 90_061])('of %d seconds is understood as it is shown', (seconds) => {
    expect(parseDuration(formatExactDuration(seconds, 'en'))).toBe(seconds);
    expect(parseDuration(formatExactDuration(seconds, 'zh-CN'))).toBe(seconds);
  });
});

describe('a long name', () => {
  test('keeps its end and loses nothing', () => {
    expect(splitMiddle('103121832/app-fcegkdfa/ver-x/app-fcegkdfa.zip')).toEqual(['103121832/app-fcegkdfa/ver-x/app-', 'fcegkdfa.zip']);
  });

  test('that is short stays whole', () => {
    expect(splitMiddle('Game.zip')).toEqual(['Game.zip', '']);
  });

  test('that is written from right to left stays whole, since its pieces would change places', () => {
    expect(splitMiddle('نسخة المنارة الجديدة للهواتف 1.4.2.apk')[1]).toBe('');
  });

  test('is never cut inside an emoji', () => {
    expect(splitMiddle(`${'a'.repeat(20)}${'\u{1f6a2}'.repeat(12)}`)[1]).toBe('\u{1f6a2}'.repeat(12));
  });
});

describe('the rows in sight', () => {
  test('are those of the scrolled part, with some around them', () => {
    expect(visibleRange(3400, 34, 8, 5000)).toEqual({ first: 94, end: 114 });
  });

  test('stay within the list at both ends', () => {
    expect(visibleRange(0, 34, 8, 5000)).toEqual({ first: 0, end: 14 });
    expect(visibleRange(1e9, 34, 8, 10)).toEqual({ first: 0, end: 10 });
  });
});

test('a problem with the account form is shown at the field it is about', () => {
  expect([fieldOf('secret-key-wrong'), fieldOf('label-taken'), fieldOf('keychain-locked')]).toEqual(['secretKey', 'label', null]);
});
