import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeptEntry } from '../../main/history/history-entry.ts';
import { History, type SourceState } from '../../main/history/history.ts';
import type { HistoryQuery } from '../../preload/contract.ts';

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
  durationMs: 1000, sentBytes: 5, problem: null, source: { bytes: 9, modifiedAtMs: n }, cosRegion: '', folder: null, besides: null, ...more,
});

const everything = { search: '', outcome: null } as const;

/** A file of a folder that went one by one. */
const fileOf = (folder: string, n: number, more: Partial<KeptEntry> = {}) =>
  entry(n, { id: `${folder}${n}-1`, service: 'ms', name: `${folder}/${n}`, paths: [`/${folder}/${n}`], folder: { id: folder, name: folder, path: `/${folder}` }, ...more });

const names = async (history: History, search = '') => (await history.find({ search, outcome: null })).map(({ id }) => id);

test('what was added is there, the newest first, also after a restart', async () => {
  const history = open();
  for (const n of [1, 2, 3]) history.add(entry(n));
  expect(await names(history)).toEqual(['u3', 'u2', 'u1']);
  await history.settled();
  expect(await names(open())).toEqual(['u3', 'u2', 'u1']);
  expect(await open().page({ ...everything, offset: 1, limit: 1 })).toMatchObject({ rows: [{ id: 'u2', folder: null }], found: 3, count: 3 });
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
  const history = open(40);
  for (let n = 1; n <= 100; n++) {
    history.add(entry(n));
    await history.settled();
  }
  const kept = await names(history);
  expect(kept[0]).toBe('u100');
  expect(kept.length).toBeGreaterThanOrEqual(20);
  expect(kept.length).toBeLessThanOrEqual(44);
  expect(await names(open(40))).toEqual(kept);
  expect((await readFile(file, 'utf8')).split('\n').length).toBeLessThan(46);
});

describe('a folder', () => {
  const page = async (history: History, more: Partial<HistoryQuery> = {}) => history.page({ ...everything, offset: 0, limit: 100, ...more });

  test('is one row, whose figures are those of the last try of each file', async () => {
    const history = open();
    history.add(entry(1));
    history.add(fileOf('game', 2, { size: 10 }));
    history.add(fileOf('game', 3, { outcome: 'failed', size: null }));
    history.add(entry(4));
    history.add(fileOf('game', 3, { id: 'game3-2', size: 20 }));
    history.add(fileOf('game', 5, { outcome: 'cancelled', size: null }));
    const { rows, found, count } = await page(history);
    expect(rows.map(({ id }) => id)).toEqual(['game', 'u4', 'u1']);
    expect(rows[0]!.folder).toEqual({ id: 'game', name: 'game', path: '/game', done: 2, failed: 0, cancelled: 1, size: 30 });
    expect([found, count]).toEqual([3, 3]);
    expect((await history.files({ ...everything, folderId: 'game', offset: 0, limit: 2 })).entries.map(({ id }) => id)).toEqual(['game5-1', 'game3-2']);
  });

  test('is found by each of its files, and then shows those', async () => {
    const history = open();
    for (const n of [1, 2, 3]) history.add(fileOf('game', n));
    expect((await page(history, { search: 'game/2' })).rows).toMatchObject([{ id: 'game', folder: { done: 3 } }]);
    expect(await history.files({ search: 'game/2', outcome: null, folderId: 'game', offset: 0, limit: 10 })).toMatchObject({ entries: [{ name: 'game/2' }], found: 1 });
    expect((await page(history, { search: 'game/4' })).found).toBe(0);
  });

  test('drives nothing out but its own files, and still says how many those were', async () => {
    const history = open(40);
    history.add(entry(1));
    for (let n = 0; n < 1000; n++) {
      history.add(fileOf('game', n, { size: 2, source: { bytes: 3, modifiedAtMs: n } }));
      if (n % 10 === 0) await history.settled();
    }
    history.add(fileOf('small', 1));
    await history.settled();
    for (const one of [history, open(40)]) {
      const { rows } = await page(one);
      expect(rows.map(({ id }) => id)).toEqual(['small', 'game', 'u1']);
      expect(rows[1]!.folder).toMatchObject({ done: 1000, size: 2000 });
      expect((await one.files({ ...everything, folderId: 'game', offset: 0, limit: 100 })).found).toBeLessThanOrEqual(44);
      expect((await one.uploadedBefore([{ paths: ['/game'], size: 3000, mtimeMs: 999, files: 1000 }]))[0]).toMatchObject({ name: 'game/999' });
    }
    expect((await readFile(file, 'utf8')).split('\n').length).toBeLessThan(46);
  });
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

  test('finds what the window calls a service and an outcome, in either language', async () => {
    const history = open();
    history.add(entry(1));
    history.add(entry(2, { service: 'ms', outcome: 'failed' }));
    for (const search of ['Cloud Application Rendering', 'verified', '应用云渲染', '已校验']) expect(await names(history, search)).toEqual(['u1']);
    for (const search of ['mobile security', 'failed', '移动应用安全', '失败']) expect(await names(history, search)).toEqual(['u2']);
  });

  test('can be for one outcome', async () => {
    const history = open();
    history.add(entry(1));
    history.add(entry(2, { outcome: 'failed' }));
    history.add(fileOf('game', 3, { outcome: 'failed' }));
    history.add(fileOf('game', 4));
    expect((await history.page({ search: '', outcome: 'failed', offset: 0, limit: 10 })).rows.map(({ id }) => id)).toEqual(['game', 'u2']);
    expect((await history.find({ search: 'build-1', outcome: 'done' })).map(({ id }) => id)).toEqual(['u1']);
  });
});

describe('the same content', () => {
  const before = async (history: History, asked: SourceState) => (await history.uploadedBefore([asked]))[0];

  test('is the very same paths in the very same state, whatever their order', async () => {
    const history = open();
    history.add(entry(1, { paths: ['/a', '/b'] }));
    const asked = { paths: ['/b', '/a'], size: 9, mtimeMs: 1, files: null };
    expect(await before(history, asked)).toMatchObject({ id: 'u1' });
    for (const other of [{ mtimeMs: 2 }, { size: 8 }, { paths: ['/a'] }, { files: 1 }]) expect(await before(history, { ...asked, ...other })).toBe(null);
  });

  test('counts only what was done, and names the newest', async () => {
    const history = open();
    const same = { paths: ['/a'], source: { bytes: 9, modifiedAtMs: 1 } };
    history.add(entry(1, same));
    history.add(entry(2, same));
    history.add(entry(3, { ...same, outcome: 'cancelled' }));
    expect(await before(history, { paths: ['/a'], size: 9, mtimeMs: 1, files: null })).toMatchObject({ id: 'u2' });
  });

  test('of a folder is all of its files, if all of them arrived', async () => {
    const history = open();
    const asked = { paths: ['/game'], size: 18, mtimeMs: 2, files: 2 };
    history.add(fileOf('game', 1));
    history.add(fileOf('game', 2, { outcome: 'failed' }));
    expect(await before(history, asked)).toBe(null);
    history.add(fileOf('game', 2, { id: 'game2-2' }));
    expect(await before(history, asked)).toMatchObject({ id: 'game2-2' });
    expect(await before(history, { ...asked, files: 3 })).toBe(null);
  });
});

test('another that writes to the file meanwhile loses nothing of what it has', async () => {
  await appendFile(file, `${JSON.stringify(entry(1))}\n`);
  const history = open();
  history.add(entry(2));
  await history.settled();
  expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(2);
});
