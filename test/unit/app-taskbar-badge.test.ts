import { existsSync } from 'node:fs';
import path from 'node:path';
import type { BrowserWindow, NativeImage } from 'electron';
import { expect, test } from 'vitest';
import { badgeName, taskbarBadge } from '../../main/app/taskbar-badge.ts';

test('there is a picture of every count, for every scale of Windows', () => {
  for (const count of [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 5_000]) {
    for (const scale of ['', '@1.25x', '@1.5x', '@2x']) expect(existsSync(path.join(import.meta.dirname, '../../assets/badges', `${badgeName(count)}${scale}.png`)), `${count}${scale}`).toBe(true);
  }
  expect([badgeName(9), badgeName(10), badgeName(0)]).toEqual(['9', 'more', null]);
});

test('the count is shown once for as long as it stays, said in full, and goes with the last', () => {
  const set: unknown[] = [];
  const window = { isDestroyed: () => false, setOverlayIcon: (...shown: unknown[]) => set.push(shown) } as unknown as BrowserWindow;
  const show = taskbarBadge((name) => name as unknown as NativeImage, (count) => `${count} unfinished`);
  for (const count of [0, 2, 2, 12, 13, 0, 0]) show(window, count);
  expect(set).toEqual([[null, ''], ['2', '2 unfinished'], ['more', '12 unfinished'], ['more', '13 unfinished'], [null, '']]);
});
