import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runScript } from '../support/run-script.ts';

let root: string;
beforeAll(async () => { root = await mkdtemp(path.join(tmpdir(), 'ferry-builds-')); });
afterAll(() => rm(root, { recursive: true, force: true }));

/** The SHA-256 of every file of a fresh build, by path. */
async function buildHashes(name: string): Promise<Record<string, string>> {
  const outDir = path.join(root, name);
  await runScript('node_modules/electron-vite/bin/electron-vite.js', ['build', '--outDir', outDir, '--logLevel', 'error']);
  const files = (await readdir(outDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const hashes = files.map(async (file) => [path.relative(outDir, file), createHash('sha256').update(await readFile(file)).digest('hex')] as const);
  return Object.fromEntries((await Promise.all(hashes)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

test('two builds of the same source are the same, byte for byte', async () => {
  const first = await buildHashes('first');
  expect(Object.keys(first)).toEqual(expect.arrayContaining(['main/start.js', 'main/cli.js', 'preload/index.cjs', 'renderer/index.html']));
  expect(await buildHashes('second')).toEqual(first);
});
