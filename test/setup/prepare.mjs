import { installDependencies } from './dependencies.mjs';
import { electronDistribution } from './electron-binary.mjs';
import { SetupError } from './run.mjs';
import { installSystemPackages } from './system-packages.mjs';

/**
 * Everything both commands need before a build: a Node that is new enough, the system packages,
 * the dependencies, and an Electron.
 * @param {'run' | 'test'} purpose
 * @returns {Promise<{ distribution: string | null, noElectron: string | null }>} See
 *   `electronDistribution`; `noElectron` says why there is none.
 */
export async function prepare(purpose) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(`COS Ferry needs Node 20.19 or newer; this is ${process.versions.node}.`);
  }
  await installSystemPackages(purpose);
  await installDependencies();
  try {
    return { distribution: await electronDistribution(), noElectron: null };
  } catch (error) {
    if (purpose === 'run' || !(error instanceof SetupError)) throw error;
    return { distribution: null, noElectron: error.message };
  }
}
