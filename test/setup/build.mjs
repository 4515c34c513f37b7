import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { rootDirectory, run, say, SetupError } from './run.mjs';

const sources = ['main', 'preload', 'renderer', 'electron.vite.config.ts', 'test/setup/external-packages.ts', 'tsconfig.json', 'package.json', 'package-lock.json'];
const outputs = ['out/main/start.js', 'out/main/cli.js', 'out/preload/index.cjs', 'out/renderer/index.html', 'out/renderer.packages.json'];

/** Bundles main, preload and renderer into out/. */
export function build() {
  return run(process.execPath, [join(rootDirectory, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn']);
}

/** Bundles them where something changed since the last time. Throws SetupError where that fails. */
export async function buildWhatChanged() {
  if (isBuildFresh()) return;
  say('Building the app…');
  const { code, output } = await build();
  if (code !== 0) throw new SetupError('The build failed:', output);
}

/** Whether out/ is complete and newer than everything it is made of. */
export function isBuildFresh() {
  const builtAtMs = Math.min(...outputs.map((path) => newestMs(join(rootDirectory, path))));
  return sources.every((path) => newestMs(join(rootDirectory, path)) < builtAtMs);
}

/**
 * The latest change in a file or a folder; a folder's own time tells of removed files. 0 if missing.
 * @param {string} path
 * @returns {number}
 */
function newestMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestMs(join(path, name))));
}
