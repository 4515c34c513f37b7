import { writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { UploadsDelta } from '../../preload/contract.ts';
import type { ArrivedRequest } from '../../main/sandbox/sandbox.ts';
import { startEngine, type Engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';

let engine: Engine;
let folder: string;
/** What the sandbox does to a request before it looks at it; true has dealt with it. */
let fault: (request: ArrivedRequest) => boolean;

beforeEach(async () => {
  fault = () => false;
  engine = await startEngine({ sandbox: { faults: (request) => fault(request) } });
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-large-'));
});

afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function many(name: string, count: number): Promise<string> {
  await mkdir(path.join(folder, name));
  for (let index = 0; index < count; index++) writeFileSync(path.join(folder, name, `${index}.txt`), '');
  return path.join(folder, name);
}

/** As soon as some of it is in the list, and not all. */
async function partlyListed(): Promise<UploadsDelta> {
  for (;;) {
    const list = engine.ferry.uploads();
    if (list.uploads.length > 0) return list;
    await turn();
  }
}

test('A folder of very many files is sent while it is still being listed', async () => {
  await engine.drop([await many('many', 3000)], { service: 'ms' });
  const list = await partlyListed();
  expect(list.sources[0]!.phase).toBe('reading');
  expect(list.uploads.length).toBeLessThan(3000);
  const uploads = await engine.finished(3000);
  expect(uploads.every(({ phase }) => phase === 'done')).toBe(true);
  expect(engine.ferry.uploads().sources[0]!.phase).toBe('ready');
});

test('A folder of very many files can be cancelled while it is being listed: no more of it comes, and what is there is cancelled', async () => {
  fault = ({ operation, req }) => {
    if (operation === 'PutObject') req.resume();
    return operation === 'PutObject';
  };
  await engine.drop([await many('many', 3000)], { service: 'ms' });
  const list = await partlyListed();
  await engine.ferry.cancelReading([list.sources[0]!.id]);
  const uploads = await engine.finished();
  expect(uploads.length).toBeLessThan(3000);
  expect(new Set(uploads.map(({ phase }) => phase))).toEqual(new Set(['cancelled']));
  expect(engine.ferry.uploads().sources).toMatchObject([{ name: 'many', phase: 'ready' }]);
  await eventually(async () => (await readdir(path.join(engine.directory, 'journal'))).length === 0);
});

test('A folder of very many files stays together in the queue where another is dropped with it', async () => {
  fault = ({ operation, req }) => {
    if (operation === 'CreateCosSecKeyInstance') req.resume();
    return operation === 'CreateCosSecKeyInstance';
  };
  await engine.drop([await many('a', 600), await many('b', 600)], { service: 'ms' });
  const { uploads } = await engine.until((list) => list.uploads.length === 1200);
  const turns = uploads.filter(({ sourceId }, index) => sourceId !== uploads[index - 1]?.sourceId);
  expect(turns).toHaveLength(2);
});
