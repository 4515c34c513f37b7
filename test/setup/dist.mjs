/**
 * `npm run dist`: builds what people install, for the system it runs on, into dist/. Arguments go
 * to electron-builder: `--dir` makes only the app itself, unpacked.
 *
 *   COS_FERRY_UPDATE_FEED  the https address of a folder with new versions; none, no check for updates
 *   COS_FERRY_UPDATE_KEY   the file of the Ed25519 private key (PEM) that signs them; needed with a feed
 */
import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { writeLicences } from './licences.mjs';
import { prepare } from './prepare.mjs';
import { rootDirectory, run, say, SetupError } from './run.mjs';
import { signUpdates } from './sign-updates.mjs';

const args = process.argv.slice(2);
const isUnpacked = args.includes('--dir');

try {
  await dist();
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(1);
}

async function dist() {
  const updates = updateOptions();
  const { distribution } = await prepare('run');
  if (distribution !== null && !isUnpacked) {
    throw new SetupError('The Electron at hand is for tests only and is not to be installed. `npx install-electron` fetches the right one; `npm run dist -- --dir` makes the app itself, to look at.');
  }
  say('Building the app…');
  const built = await build();
  if (built.code !== 0) throw new SetupError('The build failed:', built.output);
  writeLicences(join(rootDirectory, 'out/LICENSES.txt'));

  const { code } = await run(process.execPath, [
    join(rootDirectory, 'node_modules/electron-builder/cli.js'),
    '--config', 'electron-builder.yml', '--publish', 'never',
    ...(isUnpacked ? electronAtHand(distribution) : []),
    ...(updates?.options ?? []),
    ...args,
  ], { inherit: true });
  if (code !== 0) throw new SetupError(isUnpacked ? 'The app could not be made.' : 'The installers could not be made. Where their tools cannot be downloaded, `npm run dist -- --dir` makes the app itself.');
  if (updates && !isUnpacked) await signUpdates(join(rootDirectory, 'dist'), updates.privateKey);
  if (isUnpacked) say(`Left out: the installers and their signatures, the "Open with" and the cos-ferry:// link that they register${updates ? '' : ', updates (COS_FERRY_UPDATE_FEED is not set)'}.`);
}

/** Without this the builder would download Electron once more. */
function electronAtHand(/** @type {string | null} */ distribution) {
  const directory = distribution ?? join(rootDirectory, 'node_modules/electron/dist');
  const version = readFileSync(join(directory, 'version'), 'utf8').trim().replace(/^v/, '');
  return [`-c.electronDist=${directory}`, `-c.electronVersion=${version}`];
}

function updateOptions() {
  const feed = process.env['COS_FERRY_UPDATE_FEED'];
  const keyFile = process.env['COS_FERRY_UPDATE_KEY'];
  if (!feed) return null;
  if (!keyFile) throw new SetupError('COS_FERRY_UPDATE_FEED needs COS_FERRY_UPDATE_KEY: an app takes only updates that are signed.');
  const { protocol, hostname } = new URL(feed);
  if (protocol !== 'https:' && hostname !== '127.0.0.1') throw new SetupError('COS_FERRY_UPDATE_FEED has to be an https address.');
  const privateKey = readFileSync(keyFile, 'utf8');
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  return {
    privateKey,
    options: [
      '-c.publish.provider=generic', `-c.publish.url=${feed}`,
      `-c.extraMetadata.updates.feed=${feed}`, `-c.extraMetadata.updates.publicKey=${publicKey}`,
    ],
  };
}
