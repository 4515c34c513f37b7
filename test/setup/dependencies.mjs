import { lstatSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { rootDirectory, run, say, SetupError } from './run.mjs';

/** Installs what package-lock.json names, when that was never done or the lockfile is newer. */
export async function installDependencies() {
  // npm writes this file last, so an interrupted installation counts as none.
  const installed = modifiedAtMs('node_modules/.package-lock.json');
  if (installed !== null && installed >= (modifiedAtMs('package-lock.json') ?? 0)) return;
  // `npm ci` empties the folder it finds, and a linked one belongs to another checkout.
  if (lstatSync(join(rootDirectory, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new SetupError('node_modules is a link, and what it leads to does not fit package-lock.json. Run `npm ci` there, or remove the link.');
  }
  say('Installing the dependencies…');
  const { code, output } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error']);
  if (code !== 0) throw new SetupError('`npm ci` failed:', output);
}

function modifiedAtMs(/** @type {string} */ path) {
  return statSync(join(rootDirectory, path), { throwIfNoEntry: false })?.mtimeMs ?? null;
}
