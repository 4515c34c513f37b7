/**
 * Makes every PNG of this folder from its SVGs: `node assets/make-icons.mjs`. Needs
 * `@resvg/resvg-js`, which draws the same bytes on every system.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const folder = process.argv[2] ?? import.meta.dirname;

/** @param {string} svg @param {number} width @param {string} name */
function draw(svg, width, name) {
  const image = new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render();
  writeFileSync(join(folder, name), image.asPng());
}

/** @param {string} name */
const read = (name) => readFileSync(join(folder, name), 'utf8');

// The waves and the arrow of the full drawing turn to mud below 48 px.
for (const width of [16, 24, 32]) draw(read('icon-small.svg'), width, `icon-${width}.png`);
for (const width of [48, 64, 128, 256, 512, 1024]) draw(read('icon.svg'), width, `icon-${width}.png`);

/** The file name suffixes by which Electron finds the picture for a screen's scale. */
const scales = { '': 1, '@1.25x': 1.25, '@1.5x': 1.5, '@2x': 2 };

for (const state of ['idle', 'active', 'paused', 'failed']) {
  const svg = read(`tray-${state}.svg`);
  for (const [suffix, scale] of Object.entries(scales)) draw(svg, 16 * scale, `tray-${state}${suffix}.png`);
  // Linux panels take one picture and scale it themselves.
  draw(svg, 48, `tray-${state}-large.png`);

  // macOS colours a template itself: only its opacity counts.
  const template = svg.replaceAll(/fill="#[0-9a-f]{6}"/g, 'fill="#000"');
  const name = state === 'idle' ? 'trayTemplate' : `tray-${state}Template`;
  draw(template, 16, `${name}.png`);
  draw(template, 32, `${name}@2x.png`);
}
