import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeptEntry } from '../../main/history/history-entry.ts';
import { History } from '../../main/history/history.ts';

let directory: string;
let file: string;
const problems: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-history-'));
  file = path.join(directory, 'history.jsonl');
  problems.length = 0;
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (most?: number) => new History({ file, ...(most ? { most } : {}), onProblem: (error) => problems.push(error.problem.code) });

const entry = (n: number, more: Partial<KeptEntry> = {}): KeptEntry => ({
  version: 1, id: `u${n}`, finishedAtMs: n, outcome: 'done', name: `build-${n}.zip`, paths: [`/builds/build-${n}`], service: 'car', accountId: 'a-1', accountLabel: 'Studio',
  applicationId: 'app-1', bucket: 'b-1', region: 'ap-guangzhou', key: `k/build-${n}.zip`, size: 5, crc64: '18446744073709551615', etag: '"e-2"', requestId: `r-${n}`,
  durationMs: 1000, sentBytes: 5, problem: null, source: { bytes: 9, modifiedAtMs: n }, ...more,
});

const names = async (history: History, search = '') => (await history.find(search)).map(({ id }) => id);

test('what was added is there, the newest first, also after a restart', async () => {
  const history = open();
  for (const n of [1, 2, 3]) history.add(entry(n));
  expect(await names(history)).toEqual(['u3', 'u2', 'u1']);
  await history.settled();
  expect(await names(open())).toEqual(['u3', 'u2', 'u1']);
  expect(await open().page({ search: '', offset: 1, limit: 1 })).toMatchObject({ entries: [{ id: 'u2' }], found: 3, count: 3 });
});

test.skipIf(process.platform === 'win32')('the file is its user\'s alone', async () => {
  const history = open();
  history.add(entry(1));
  await history.settled();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('damaged lines are passed over and nothing else is lost, and a line that was cut short spoils none after it', async () => {
  const line = (n: number) => JSON.stringify(entry(n));
  await writeFile(file, `${line(1)}\n{"version":1,"id":\n\u0000\u0000\n${line(2)}\n{"version":9}\n${line(3).slice(0, 40)}`);
  const history = open();
  history.add(entry(4));
  await history.settled();
  expect(await names(history)).toEqual(['u4', 'u2', 'u1']);
  expect(await names(open())).toEqual(['u4', 'u2', 'u1']);
  expect(problems).toEqual([]);
});

test('the oldest go, and the file does not grow for ever', async () => {
  const history = open(20);
  for (let n = 1; n <= 100; n++) {
    history.add(entry(n));
    await history.settled();
  }
  expect(await names(history)).toHaveLength(20);
  expect((await names(open(20)))[19]).toBe('u81');
  expect((await readFile(file, 'utf8')).split('\n').length).toBeLessThan(24);
});

test('many at once are all kept, in order', async () => {
  const history = open();
  for (let n = 0; n < 3000; n++) history.add(entry(n));
  await history.settled();
  const kept = await names(open());
  expect(kept).toHaveLength(3000);
  expect(kept[0]).toBe('u2999');
});

test('clearing forgets everything, and what comes afterwards is kept', async () => {
  const history = open();
  history.add(entry(1));
  await history.clear();
  expect(await names(history)).toEqual([]);
  history.add(entry(2));
  await history.settled();
  expect(await names(open())).toEqual(['u2']);
});

test('a place that cannot be written is said, and the entry is there until the app ends', async () => {
  await mkdir(file);
  const history = open();
  history.add(entry(1));
  await history.settled();
  expect(problems).toContain('history-not-kept');
  expect(await names(history)).toEqual(['u1']);
});

describe('a search', () => {
  test('finds every word in any field, in any case', async () => {
    const history = open();
    history.add(entry(1, { name: '游戏.zip', key: 'p/Game.ZIP' }));
    history.add(entry(2, { outcome: 'failed', problem: { code: 'source-missing', params: { name: 'x' }, requestId: 'req-77' } }));
    expect(await names(history, 'game STUDIO')).toEqual(['u1']);
    expect(await names(history, '游戏')).toEqual(['u1']);
    expect(await names(history, 'REQ-77')).toEqual(['u2']);
    expect(await names(history, 'game req-77')).toEqual([]);
    expect(await names(history, '  ')).toEqual(['u2', 'u1']);
  });
});

describe('the same content', () => {
  test('is the very same paths in the very same state, whatever their order', async () => {
    const history = open();
    history.add(entry(1, { paths: ['/a', '/b'] }));
    const asked = { paths: ['/b', '/a'], size: 9, mtimeMs: 1 };
    expect(await history.uploadedBefore(asked)).toMatchObject({ id: 'u1' });
    expect(await history.uploadedBefore({ ...asked, mtimeMs: 2 })).toBe(null);
    expect(await history.uploadedBefore({ ...asked, size: 8 })).toBe(null);
    expect(await history.uploadedBefore({ ...asked, paths: ['/a'] })).toBe(null);
  });

  test('counts only what was done, and names the newest', async () => {
    const history = open();
    const same = { paths: ['/a'], source: { bytes: 9, modifiedAtMs: 1 } };
    history.add(entry(1, same));
    history.add(entry(2, same));
    history.add(entry(3, { ...same, outcome: 'cancelled' }));
    expect(await history.uploadedBefore({ paths: ['/a'], size: 9, mtimeMs: 1 })).toMatchObject({ id: 'u2' });
  });
});

test('another that writes to the file meanwhile loses nothing of what it has', async () => {
  await appendFile(file, `${JSON.stringify(entry(1))}\n`);
  const history = open();
  history.add(entry(2));
  await history.settled();
  expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(2);
});
