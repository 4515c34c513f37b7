import { expect, test } from 'vitest';
import { visiblePlace } from '../../main/app/window-place.ts';

const screen = { x: 0, y: 24, width: 1440, height: 876 };
const left = { x: -1920, y: 0, width: 1920, height: 1080 };
const place = { x: 100, y: 100, width: 960, height: 680, maximized: false };

test.each([
  ['in the middle of a screen', place, [screen]],
  ['on a second screen', { ...place, x: -1800 }, [screen, left]],
  ['mostly off the right edge, with enough left to take hold of', { ...place, x: 1300 }, [screen]],
])('a window %s comes back there', (_, kept, areas) => {
  expect(visiblePlace(kept, areas)).toEqual(kept);
});

test.each([
  ['on a screen that is gone', { ...place, x: -1800 }, [screen]],
  ['with only a sliver on the screen', { ...place, x: 1400 }, [screen]],
  ['with its top above the screen', { ...place, y: -100 }, [screen]],
  ['with its top half under the bar of the screen', { ...place, y: 10 }, [screen]],
  ['below the screen', { ...place, y: 2000 }, [screen]],
  ['that was never kept', null, [screen]],
])('a window %s is left to the system', (_, kept, areas) => {
  expect(visiblePlace(kept, areas)).toBe(null);
});
