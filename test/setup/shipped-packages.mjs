import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDirectory } from './run.mjs';

/** What the builds of the window and the preload have taken in (bundled-packages.ts). */
const bundleLists = ['out/renderer.packages.json', 'out/preload.packages.json'];

/**
 * Every npm package of which something is installed: what main needs, what is built into the
 * window, and Electron. Needs node_modules and a build.
 * @returns {{ name: string, version: string, directory: string }[]} Sorted; `directory` is below the project's.
 */
export function shippedPackages() {
  const { packages } = JSON.parse(readFileSync(join(rootDirectory, 'package-lock.json'), 'utf8'));
  const bundled = new Set(bundleLists.flatMap((file) => JSON.parse(readFileSync(join(rootDirectory, file), 'utf8'))));
  bundled.add('electron');
  return Object.entries(packages)
    .map(([directory, { name, version, dev, devOptional }]) => {
      const folder = directory.split('node_modules/').at(-1) ?? '';
      return { directory, folder, name: name ?? folder, version, isRunByMain: !dev && !devOptional };
    })
    .filter(({ directory, folder, isRunByMain }) => directory !== '' && (isRunByMain || (bundled.has(folder) && directory === `node_modules/${folder}`)))
    .map(({ directory, name, version }) => ({ name, version, directory }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
