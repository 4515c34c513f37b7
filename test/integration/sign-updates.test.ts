import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isSigned, type UpdateDescription } from '../../main/app/update-signature.ts';
import { rootDirectory } from '../support/run-script.ts';

const { signUpdates } = await import(path.join(rootDirectory, 'test/setup/sign-updates.mjs')) as { signUpdates(directory: string, privateKey: string): Promise<void> };
/** electron-updater's own reading of a feed. */
const { parseUpdateInfo } = createRequire(import.meta.url)('electron-updater/out/providers/Provider.js') as { parseUpdateInfo(text: string, file: string, url: string): UpdateDescription & Record<string, unknown> };

const keys = generateKeyPairSync('ed25519');
const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const read = async (file: string) => parseUpdateInfo(await readFile(path.join(directory, file), 'utf8'), file, '');
let directory: string;

beforeEach(async () => { directory = await mkdtemp(path.join(tmpdir(), 'ferry-sign-')); });
afterEach(() => rm(directory, { recursive: true, force: true }));

test('what the builder says of each system’s version is signed as the app reads it', async () => {
  const said = "version: 1.10.0\nfiles:\n  - url: COS Ferry-1.10.0.AppImage\n    sha512: abc==\n    size: 5\n    blockMapSize: 7\npath: COS Ferry-1.10.0.AppImage\nsha512: abc==\nreleaseDate: '2026-01-01T00:00:00.000Z'\n";
  for (const file of ['latest.yml', 'latest-mac.yml', 'latest-linux-arm64.yml']) await writeFile(path.join(directory, file), said);
  await writeFile(path.join(directory, 'builder-debug.yml'), 'x: 1\n');
  await signUpdates(directory, privateKey);
  for (const file of ['latest.yml', 'latest-mac.yml', 'latest-linux-arm64.yml']) {
    const { signature, ...description } = await read(file);
    expect(description).toEqual(parseUpdateInfo(said, file, ''));
    expect(isSigned({ ...description, signature }, publicKey)).toBe(true);
    expect(isSigned({ ...description, signature, sha512: 'abd==' } as UpdateDescription, publicKey)).toBe(false);
  }
  expect(await readFile(path.join(directory, 'builder-debug.yml'), 'utf8')).toBe('x: 1\n');
});

test('nothing to sign is an error: nobody would get the version', async () => {
  await expect(signUpdates(directory, privateKey)).rejects.toThrow('no description');
});
