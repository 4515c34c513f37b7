import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { ZipArchive } from 'archiver';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PreflightFindings } from '../../preload/contract.ts';
import { listZip } from '../../main/package/list-zip.ts';
import { eventually } from '../support/eventually.ts';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
let directory: string;
const never = new AbortController().signal;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-archive-'));
  engine = await startEngine({ asks: true, directory });
});

afterEach(async () => {
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});

async function zip(name: string, entries: readonly string[]): Promise<string> {
  const file = path.join(directory, name);
  const archive = new ZipArchive({ store: true });
  const out = archive.pipe(createWriteStream(file));
  for (const entry of entries) archive.append('', { name: entry });
  await archive.finalize();
  await finished(out);
  return file;
}

async function findings(dropped: string): Promise<PreflightFindings> {
  engine.ferry.drop([dropped]);
  await eventually(() => engine.ferry.appState().waitingDrops[0]?.preflight.kind === 'ready');
  const { id, preflight } = engine.ferry.appState().waitingDrops[0]!;
  await engine.ferry.discardDrop(id);
  if (preflight.kind !== 'ready') throw new Error(preflight.kind);
  return preflight.findings;
}

test('a ready zip is looked into as a package is', async () => {
  expect(await findings(await zip('good.zip', ['Game/', 'Game/game.exe', 'Game/data.bin']))).toMatchObject({ packedAs: null, entries: 3, warnings: [] });
  const { entries, warnings } = await findings(await zip('bad.zip', ['Readme.txt', 'README.TXT', 'aux.h', `${'deep/'.repeat(60)}file.txt`]));
  expect(entries).toBe(4);
  expect(warnings).toEqual([
    { kind: 'no-executable' },
    { kind: 'same-on-windows', name: 'README.TXT', other: 'Readme.txt', count: 1 },
    { kind: 'windows-name', name: 'aux.h', count: 1 },
    { kind: 'windows-too-long', name: `${'deep/'.repeat(60)}file.txt`, count: 1 },
  ]);
});

test('a zip that is cut short is said to be none', async () => {
  const file = await zip('cut.zip', ['game.exe', 'data.bin']);
  await truncate(file, 40);
  expect(await findings(file)).toMatchObject({ entries: null, warnings: [{ kind: 'no-archive', name: 'cut.zip' }] });
});

test('what is no zip is sent unseen', async () => {
  const file = path.join(directory, 'game.7z');
  await writeFile(file, 'not looked at');
  expect(await findings(file)).toMatchObject({ entries: null, warnings: [] });
});

test('the look ends when nobody waits for it any more', async () => {
  const file = await zip('many.zip', Array.from({ length: 5_000 }, (_, n) => `${n}.txt`));
  expect((await listZip(file, never))?.names).toHaveLength(5_000);
  const stop = new AbortController();
  const looking = listZip(file, stop.signal);
  stop.abort(new Error('discarded'));
  await expect(looking).rejects.toThrow('discarded');
});
