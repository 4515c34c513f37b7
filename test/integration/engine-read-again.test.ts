import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEngine, type Engine } from '../support/engine.ts';

let engine: Engine;
let folder: string;

beforeEach(async () => {
  engine = await startEngine();
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-read-again-'));
});

afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

/** A mount point with nothing behind it, dropped beside a folder that is all there. */
async function dropUnmounted(): Promise<string> {
  const share = path.join(folder, 'share');
  await mkdir(share);
  await mkdir(path.join(folder, 'there'));
  await writeFile(path.join(folder, 'there/a.txt'), 'a');
  await engine.drop([share, path.join(folder, 'there')], { service: 'ms' });
  const list = await engine.until(({ sources, uploads }) => sources.length === 2 && sources.some(({ phase }) => phase === 'failed') && uploads.every(({ phase }) => phase === 'done') && uploads.length === 1);
  return list.sources.find(({ phase }) => phase === 'failed')!.id;
}

const names = (): readonly string[] => engine.ferry.uploads().uploads.map(({ name }) => name).sort();

test('a folder that could not be read is read again, and the drop is over once all of it has arrived', async () => {
  const id = await dropUnmounted();
  await writeFile(path.join(folder, 'share/b.txt'), 'b');
  await engine.ferry.readAgain([id]);
  await engine.finished(2);
  expect(names()).toEqual(['share/b.txt', 'there/a.txt']);
  expect(engine.ferry.uploads().sources.map(({ phase, problem }) => [phase, problem])).toEqual([['ready', null], ['ready', null]]);
  await expect.poll(() => readdir(path.join(engine.directory, 'journal'))).toEqual([]);
});

test('also after a restart, and what it holds then survives the next one', async () => {
  const { directory } = engine;
  const id = await dropUnmounted();
  await engine.ferry.close();
  engine = await startEngine({ directory });
  await engine.ferry.restore();
  expect(engine.ferry.uploads().sources).toMatchObject([{ id, phase: 'failed', problem: { code: 'source-empty-folder' } }]);
  await engine.ferry.readAgain([id]);
  await engine.until(({ sources }) => sources[0]?.phase === 'failed');
  await writeFile(path.join(folder, 'share/b.txt'), 'b');
  engine.sandbox.rules.rotateScopes = false;
  await engine.ferry.readAgain([id]);
  await engine.finished(1);
  expect(names()).toEqual(['share/b.txt']);
  await engine.ferry.close();
  engine = await startEngine({ directory });
  await engine.ferry.restore();
  expect(engine.ferry.uploads().sources).toEqual([]);
  await rm(directory, { recursive: true, force: true });
});
