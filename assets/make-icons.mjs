/**
 * Makes every picture of this folder from its SVGs: `node assets/make-icons.mjs`. Needs
 * `@resvg/resvg-js`, which draws the same bytes on every system.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';

const folder = process.argv[2] ?? import.meta.dirname;
for (const name of ['icons', 'install', 'badges']) mkdirSync(join(folder, name), { recursive: true });

/** @param {string} svg @param {number} width */
const png = (svg, width) => new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render().asPng();

/** @param {string} name @param {Uint8Array} bytes */
const write = (name, bytes) => writeFileSync(join(folder, name), bytes);

/** @param {string} name */
const read = (name) => readFileSync(join(import.meta.dirname, name), 'utf8');

// The waves and the arrow of the full drawing turn to mud below 48 px.
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const icons = new Map(sizes.map((width) => [width, png(read(width < 48 ? 'icon-small.svg' : 'icon.svg'), width)]));
for (const [width, bytes] of icons) write(`icons/${width}x${width}.png`, bytes);
write('install/icon.ico', ico([16, 24, 32, 48, 64, 128, 256]));
write('install/icon.icns', icns({ icp4: 16, ic11: 32, icp5: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 }));

/** The file name suffixes by which Electron finds the picture for a screen's scale. */
const scales = { '': 1, '@1.25x': 1.25, '@1.5x': 1.5, '@2x': 2 };

for (const state of ['idle', 'active', 'paused', 'failed']) {
  const svg = read(`tray-${state}.svg`);
  for (const [suffix, scale] of Object.entries(scales)) write(`tray-${state}${suffix}.png`, png(svg, 16 * scale));
  // Linux panels take one picture and scale it themselves.
  write(`tray-${state}-large.png`, png(svg, 48));

  // macOS colours a template itself: only its opacity counts.
  const template = svg.replaceAll(/fill="#[0-9a-f]{6}"/g, 'fill="#000"');
  const name = state === 'idle' ? 'trayTemplate' : `tray-${state}Template`;
  write(`${name}.png`, png(template, 16));
  write(`${name}@2x.png`, png(template, 32));
}

// The count on Windows' taskbar. Lines, not letters: a font would be another on each system.
const digits = {
  1: 'M6.4 5.8 8.7 4v8',
  2: 'M5.6 6.2A2.4 2.4 0 1 1 9.9 7.6L5.5 12h5',
  3: 'M5.7 4h4.6L7.9 6.9a2.6 2.6 0 1 1-2.5 3.9',
  4: 'M9.4 12V4L5 9.8h6.2',
  5: 'M10.3 4H6.5l-.4 3.5a2.6 2.6 0 1 1-.6 3.6',
  6: 'M9.8 4C7.3 4.7 5.5 6.9 5.5 9.4a2.5 2.5 0 1 0 2.5-2.5',
  7: 'M5.4 4h5.2L7.3 12',
  8: 'M8 4a1.85 1.85 0 1 1 0 3.7a1.85 1.85 0 1 1 0-3.7zM8 7.7a2.2 2.2 0 1 1 0 4.4a2.2 2.2 0 1 1 0-4.4z',
  9: 'M6.2 12C8.7 11.3 10.5 9.1 10.5 6.6a2.5 2.5 0 1 0-2.5 2.5',
};
const more = 'M4.6 11.4C6.5 10.8 7.8 9.2 7.8 7.2a1.95 1.95 0 1 0-1.95 1.95M11.5 6.2v4M9.5 8.2h4';
for (const [name, path] of Object.entries({ ...digits, more })) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7.5" fill="#1a5fd6" stroke="#fff"/><path d="${path}" fill="none" stroke="#fff" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
  for (const [suffix, scale] of Object.entries(scales)) write(`badges/${name}${suffix}.png`, png(svg, 16 * scale));
}

/** @param {number} width */
function icon(width) {
  return /** @type {Buffer} */ (icons.get(width));
}

/** Windows' container: a header of 6 bytes, 16 bytes for each picture, then the PNGs. @param {readonly number[]} widths */
function ico(widths) {
  const head = Buffer.alloc(6 + 16 * widths.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(widths.length, 4);
  let offset = head.length;
  widths.forEach((width, index) => {
    const at = 6 + 16 * index;
    const { length } = icon(width);
    // 256 does not fit into its byte and is written as 0.
    head.writeUInt8(width % 256, at);
    head.writeUInt8(width % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += length;
  });
  return Buffer.concat([head, ...widths.map(icon)]);
}

/** macOS's container: for each picture its type and the length with this head of 8 bytes. @param {Readonly<Record<string, number>>} pictures */
function icns(pictures) {
  const blocks = Object.entries(pictures).map(([type, width]) => block(type, icon(width)));
  return block('icns', Buffer.concat(blocks));
}

/** @param {string} type @param {Buffer} content */
function block(type, content) {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(8 + content.length, 4);
  return Buffer.concat([head, content]);
}
