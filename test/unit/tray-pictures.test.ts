import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const assets = path.join(import.meta.dirname, '../../assets');
const states = ['idle', 'active', 'paused', 'failed'];

/** WCAG 2: relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

test.each(states)('the tray picture for %s can be told from a light bar and from a dark one', (state) => {
  const colours = [...readFileSync(path.join(assets, `tray-${state}.svg`), 'utf8').matchAll(/fill="(#[0-9a-f]{6})"/g)].map((match) => match[1]!);
  expect(colours.length).toBeGreaterThan(0);
  for (const colour of colours) for (const bar of ['#ffffff', '#1f1f1f']) expect([colour, bar, contrast(colour, bar) >= 3]).toEqual([colour, bar, true]);
});

test('there is a picture of every state for every system', () => {
  const files = new Set(readdirSync(assets));
  for (const state of states) {
    const template = state === 'idle' ? 'trayTemplate' : `tray-${state}Template`;
    for (const name of [`tray-${state}-large`, ...['', '@1.25x', '@1.5x', '@2x'].map((scale) => `tray-${state}${scale}`), template, `${template}@2x`]) {
      expect(files.has(`${name}.png`), name).toBe(true);
    }
  }
});
