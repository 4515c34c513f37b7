import { mkdtemp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FerryError } from '../../main/ferry-error.ts';
import { Journal } from '../../main/uploads/journal.ts';
import type { JournalEntry } from '../../main/uploads/journal-entry.ts';

let directory: string;
let journal: Journal;
const unreadable: FerryError[] = [];

beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'ferry-journal-')), 'journal');
  await mkdir(directory);
  journal = new Journal(directory);
  unreadable.length = 0;
});

afterEach(async () => { await rm(path.dirname(directory), { recursive: true, force: true }); });

const entry: JournalEntry = {
  version: 1, id: 'a', order: 1,
  source: { id: 's', name: 'Game', kind: 'folder', accountLabel: 'Studio', addedAtMs: 1 },
  accountId: 'acc', destination: { service: 'car', applicationId: 'app-1', cosRegion: '', durationSeconds: null },
  name: 'Game.zip', paths: ['/builds/Game'], packed: true, origin: { name: 'Game', path: '/builds/Game' }, sizeHint: null,
  intent: 'running', failure: null, multipart: null,
};
const begun = { bucket: 'b', region: 'r', key: 'k', uploadId: 'u', partBytes: 4_194_304, completing: false };

function readAll(from = journal): Promise<readonly JournalEntry[]> {
  return from.readAll((error) => { unreadable.push(error); });
}

describe('What was written is read back', () => {
  const name = fc.string({ unit: 'binary', maxLength: 60 });
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const anyEntry: fc.Arbitrary<JournalEntry> = fc.record({
    version: fc.constant(1 as const),
    id: fc.uuid(),
    order: number,
    source: fc.record({ id: fc.uuid(), name, kind: fc.constantFrom('file', 'folder', 'selection'), accountLabel: name, addedAtMs: fc.nat() }),
    accountId: name,
    destination: fc.record({ service: fc.constantFrom('ms', 'car'), applicationId: name, cosRegion: name, durationSeconds: fc.option(fc.nat()) }),
    name,
    paths: fc.array(name, { minLength: 1, maxLength: 4 }),
    packed: fc.boolean(),
    origin: fc.record({ name, path: name }),
    sizeHint: fc.option(fc.nat()),
    intent: fc.constantFrom('running', 'paused', 'failed', 'cancelled'),
    failure: fc.option(fc.record({
      startedAtMs: fc.option(fc.nat()), finishedAtMs: fc.nat(),
      problem: fc.record({
        code: fc.constantFrom('store-failed', 'source-changed', 'unexpected'),
        params: fc.dictionary(fc.constantFrom('name', 'host', 'bytes'), fc.oneof(name, fc.nat())),
        serviceCode: name, requestId: name, detail: name,
      }, { requiredKeys: ['code', 'params'] }).map((problem) => ({ ...problem })),
    })),
    multipart: fc.option(fc.record({
      bucket: name, region: name, key: name, uploadId: name, partBytes: fc.nat(), completing: fc.boolean(),
    })),
    startedOver: fc.constantFrom('started-over-scope', 'started-over-parts').map((code) => ({ code, params: {} })),
  }, { requiredKeys: ['version', 'id', 'order', 'source', 'accountId', 'destination', 'name', 'paths', 'packed', 'origin', 'sizeHint', 'intent', 'failure', 'multipart'] });

  test('any entries, in queue order, by another process', async () => {
    let round = 0;
    await fc.assert(fc.asyncProperty(fc.uniqueArray(anyEntry, { selector: ({ id }) => id, maxLength: 6 }), async (entries) => {
      const place = path.join(directory, String(round++));
      const writing = new Journal(place);
      await Promise.all(entries.map((each) => writing.write(each)));
      const read = await readAll(new Journal(place));
      expect(read).toHaveLength(entries.length);
      expect(read).toEqual(expect.arrayContaining(entries.map((each) => JSON.parse(JSON.stringify(each)) as JournalEntry)));
      expect(read.map(({ order }) => order)).toEqual([...read.map(({ order }) => order)].sort((a, b) => a - b));
      expect(unreadable).toEqual([]);
    }), { numRuns: 60 });
  });

  test('the newest of many at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, order) => journal.write({ ...entry, order })));
    expect(await readAll()).toEqual([{ ...entry, order: 49 }]);
  });

  test('and nothing of what was removed, even while it is being written', async () => {
    void journal.write({ ...entry, multipart: begun });
    void journal.addPart('a', { partNumber: 1, etag: 'f'.repeat(32), size: 5 });
    await journal.remove('a');
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('What cannot be understood', () => {
  test.each([
    ['cut short', (text: string) => text.slice(0, text.length / 2), 'damaged'],
    ['empty', () => '', 'damaged'],
    ['changed', (text: string) => text.replace('"running"', '"flying"'), 'damaged'],
    ['of another upload', (text: string) => text.replace('"id":"a"', '"id":"z"'), 'damaged'],
    ['that leads elsewhere', (text: string) => text.replace('"id":"a"', '"id":"../a"'), 'damaged'],
    ['of a newer version', (text: string) => text.replace('"version":1', '"version":2'), 'newer version (2)'],
  ])('%s is set aside with a message, and the others stay', async (_what, spoil, reason) => {
    await journal.write(entry);
    await journal.write({ ...entry, id: 'b', order: 2 });
    const file = path.join(directory, 'a.json');
    const spoilt = spoil(await readFile(file, 'utf8'));
    await writeFile(file, spoilt);
    expect(await readAll()).toMatchObject([{ id: 'b' }]);
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]!.problem).toMatchObject({ code: 'journal-unreadable', detail: expect.stringContaining(reason) as string });
    expect(await readFile(String(unreadable[0]!.problem.params['file']), 'utf8')).toBe(spoilt);
    unreadable.length = 0;
    expect(await readAll()).toMatchObject([{ id: 'b' }]);
    expect(unreadable).toEqual([]);
  });

  test('a folder in its place takes nobody down', async () => {
    await journal.write(entry);
    await mkdir(path.join(directory, 'x.json'));
    expect(await readAll()).toEqual([entry]);
    expect(unreadable).toHaveLength(1);
  });

  test('what a crash left half written is cleared away', async () => {
    await journal.write(entry);
    await writeFile(path.join(directory, 'a.json.123.tmp'), '{');
    await writeFile(path.join(directory, 'gone.parts'), '1 x 2\n');
    await readAll();
    expect(await readdir(directory)).toEqual(['a.json']);
  });
});

describe('Confirmed parts', () => {
  const part = (partNumber: number) => ({ partNumber, etag: String(partNumber).padStart(32, '0'), size: partNumber * 10 });

  test('are read back, without a line that was cut short', async () => {
    await Promise.all([1, 2, 3].map((number) => journal.addPart('a', part(number))));
    await writeFile(path.join(directory, 'a.parts'), `${await readFile(path.join(directory, 'a.parts'), 'utf8')}4 000`);
    expect(await new Journal(directory).parts('a')).toEqual([part(1), part(2), part(3)]);
  });

  test('are all on disk when the last of them is said to be', async () => {
    const first = journal.addPart('a', part(1));
    void journal.addPart('a', part(2));
    await first;
    await journal.addPart('a', part(3));
    expect(await readFile(path.join(directory, 'a.parts'), 'utf8')).toBe([1, 2, 3].map((number) => `${number} ${part(number).etag} ${part(number).size}\n`).join(''));
  });

  test('are forgotten when another multipart upload begins, whose own are kept', async () => {
    void journal.addPart('a', part(1));
    void journal.addPart('a', part(2));
    const cleared = journal.clearParts('a');
    void journal.addPart('a', part(3));
    await cleared;
    expect(await journal.parts('a')).toEqual([part(3)]);
  });
});
