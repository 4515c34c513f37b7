import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FerryError } from '../../main/ferry-error.ts';
import { DropJournal } from '../../main/uploads/drop-journal.ts';
import { sourceIdOf, uploadIdOf, type DropListing, type DropRecord, type ListedUpload, type OpenDrop } from '../../main/uploads/drop-record.ts';

let directory: string;
let journal: DropJournal;
let gone: string[];
const unreadable: FerryError[] = [];

beforeEach(async () => {
  directory = path.join(await mkdtemp(path.join(tmpdir(), 'ferry-drops-')), 'journal');
  await mkdir(directory);
  gone = [];
  journal = new DropJournal(directory, (ids) => { gone.push(...ids); });
  unreadable.length = 0;
});

afterEach(async () => { await rm(path.dirname(directory), { recursive: true, force: true }); });

const record: DropRecord = {
  version: 1, id: 'd', addedAtMs: 1, account: { id: 'acc', label: 'Studio', cosDomain: null },
  destination: { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null },
  paths: ['/builds/Game'], name: null, waits: false, listing: null,
};
const sourceId = sourceIdOf('d', '/builds/Game');

function upload(name: string, order: number): ListedUpload {
  return { id: uploadIdOf(sourceId, `/builds/Game/${name}`), sourceId, order, name: `Game/${name}`, paths: [`/builds/Game/${name}`], packed: false, sizeHint: 1, failure: null };
}

const listing: DropListing = {
  sources: [{ id: sourceId, name: 'Game', kind: 'folder', path: '/builds/Game', problem: null, leftOut: [], leftOutCount: 0 }],
  uploads: [upload('a', 1), upload('b', 2), upload('c', 3)],
};
const [a, b, c] = listing.uploads.map(({ id }) => id) as [string, string, string];

function readAll(from = new DropJournal(directory)): Promise<readonly OpenDrop[]> {
  return from.readAll((error) => { unreadable.push(error); });
}

async function begunAndListed(): Promise<void> {
  await journal.begin(record);
  await journal.listed('d', listing);
}

describe('A drop', () => {
  const name = fc.string({ unit: 'binary', maxLength: 40 });
  const id = fc.uuid();
  const problem = fc.record({
    code: fc.constantFrom('source-missing', 'duplicate-object', 'unexpected'),
    params: fc.dictionary(fc.constantFrom('name', 'other'), fc.oneof(name, fc.nat())),
    serviceCode: name, requestId: name, detail: name,
  }, { requiredKeys: ['code', 'params'] }).map((value) => ({ ...value }));
  const failure = fc.option(fc.record({ startedAtMs: fc.option(fc.nat()), finishedAtMs: fc.nat(), problem }));
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
  const anyRecord: fc.Arbitrary<DropRecord> = fc.record({
    version: fc.constant(1 as const), id, addedAtMs: fc.nat(),
    account: fc.record({ id: name, label: name, cosDomain: fc.option(name) }),
    destination: fc.record({ service: fc.constantFrom('ms', 'car'), applicationId: name, cosRegion: name, durationSeconds: fc.option(fc.nat()) }),
    paths: fc.array(name, { minLength: 1, maxLength: 4 }),
    name: fc.option(name),
    waits: fc.boolean(),
    listing: fc.option(fc.record({
      sources: fc.array(fc.record({
        id, name, kind: fc.constantFrom('file', 'folder', 'selection'), path: name, problem: fc.option(problem),
        leftOut: fc.array(fc.record({ path: name, reason: fc.constantFrom('special-file', 'symlink-loop') }), { maxLength: 2 }), leftOutCount: fc.nat(),
      }), { maxLength: 3 }),
      uploads: fc.array(fc.record({
        id, sourceId: id, order: number, name, paths: fc.array(name, { minLength: 1, maxLength: 3 }), packed: fc.boolean(), sizeHint: fc.option(fc.nat()), failure,
      }), { maxLength: 4 }),
    })),
  });

  test('is read back as it was written, by another process', async () => {
    let round = 0;
    await fc.assert(fc.asyncProperty(fc.uniqueArray(anyRecord, { selector: (each) => each.id, maxLength: 5 }), async (records) => {
      const place = path.join(directory, String(round++));
      const writing = new DropJournal(place);
      await Promise.all(records.map((each) => writing.begin(each)));
      const read = (await readAll(new DropJournal(place))).map((drop) => drop.record);
      expect(read).toHaveLength(records.length);
      expect(read).toEqual(expect.arrayContaining(records.map((each) => JSON.parse(JSON.stringify(each)) as DropRecord)));
      expect(unreadable).toEqual([]);
    }), { numRuns: 60 });
  });

  const line = fc.oneof(
    fc.record({ kind: fc.constant('end' as const), index: fc.nat(2) }),
    fc.record({ kind: fc.constant('note' as const), index: fc.nat(2), order: fc.nat(9), intent: fc.constantFrom('running', 'paused', 'failed'), failure }),
    fc.record({ kind: fc.constant('prefix' as const), value: fc.constantFrom('p1', 'p2') }),
  );

  test('stands after a restart as it stood before, whatever came', async () => {
    let round = 0;
    await fc.assert(fc.asyncProperty(fc.array(line, { maxLength: 20 }), async (lines) => {
      const place = path.join(directory, String(round++));
      const writing = new DropJournal(place);
      await writing.begin(record);
      // One more, that never ends, keeps the drop.
      await writing.listed('d', { ...listing, uploads: [...listing.uploads, upload('last', 9)] });
      const doing = lines.map((each) => {
        if (each.kind === 'end') return writing.end(sourceId, [a, b, c][each.index]!);
        if (each.kind === 'prefix') return writing.addPrefix(sourceId, each.value);
        return writing.note(sourceId, { id: [a, b, c][each.index]!, order: each.order, intent: each.intent, failure: each.failure });
      });
      const before = writing.of(sourceId)!;
      await Promise.all(doing);
      const [after] = await readAll(new DropJournal(place));
      expect([...after!.ended].sort()).toEqual([...before.ended].sort());
      expect(new Map([...after!.standings])).toEqual(new Map([...before.standings].map(([key, value]) => [key, JSON.parse(JSON.stringify(value)) as typeof value])));
      expect(after!.prefixes).toEqual(before.prefixes);
    }), { numRuns: 60 });
  });

  test('costs one file, however many uploads wait', async () => {
    await begunAndListed();
    for (const [index, id] of [a, b, c].entries()) await journal.note(sourceId, { id, order: index + 1, intent: 'running', failure: null });
    expect(await readdir(directory)).toEqual(['d.drop.json']);
  });

  test('leaves nothing once all of it has ended, and says so', async () => {
    await begunAndListed();
    await Promise.all([a, b].map((id) => journal.end(sourceId, id)));
    expect(gone).toEqual([]);
    await journal.end(sourceId, c);
    expect(await readdir(directory)).toEqual([]);
    expect(gone).toContain(sourceId);
    expect(journal.of(sourceId)).toBeNull();
  });

  test('stays while it is still being looked at, though all that was found has ended', async () => {
    await journal.begin(record);
    await journal.end(sourceId, a);
    const [drop] = await readAll();
    expect(drop).toMatchObject({ record: { listing: null }, ended: new Set([a]) });
    await journal.listed('d', { ...listing, uploads: listing.uploads.slice(0, 1) });
    expect(await readdir(directory)).toEqual([]);
  });

  test('whose source has no uploads stays until that is taken off', async () => {
    await journal.begin(record);
    await journal.listed('d', { uploads: [], sources: [{ ...listing.sources[0]!, problem: { code: 'source-empty-folder', params: {} } }] });
    expect(await readAll()).toHaveLength(1);
    await journal.end(sourceId);
    expect(await readdir(directory)).toEqual([]);
  });

  test('takes an upload back whose end was taken back', async () => {
    await begunAndListed();
    await journal.end(sourceId, a);
    await journal.note(sourceId, { id: a, order: 1, intent: 'running', failure: null });
    expect((await readAll())[0]!.ended).toEqual(new Set());
    await Promise.all([b, c].map((id) => journal.end(sourceId, id)));
    expect(await readAll()).toHaveLength(1);
  });

  test('that ended in a crash is cleared away', async () => {
    await begunAndListed();
    await Promise.all([a, b].map((id) => journal.end(sourceId, id)));
    await writeFile(path.join(directory, 'd.log'), `${await readFile(path.join(directory, 'd.log'), 'utf8')}\n{"ended":"${c}"}`);
    const next = new DropJournal(directory);
    await readAll(next);
    expect(await next.removeIfOver('d')).toBe(true);
    expect(await readdir(directory)).toEqual([]);
  });
});

describe('What cannot be understood', () => {
  test.each([
    ['cut short', (text: string) => text.slice(0, text.length / 2), 'damaged'],
    ['empty', () => '', 'damaged'],
    ['changed', (text: string) => text.replace('"folder"', '"barrel"'), 'damaged'],
    ['of another drop', (text: string) => text.replace('"id":"d"', '"id":"z"'), 'damaged'],
    ['of a newer version', (text: string) => text.replace('"version":1', '"version":2'), 'newer version (2)'],
  ])('%s is set aside with a message, and the others stay', async (_what, spoil, reason) => {
    await begunAndListed();
    await journal.begin({ ...record, id: 'other' });
    await journal.end(sourceId, a);
    const log = await readFile(path.join(directory, 'd.log'), 'utf8');
    const file = path.join(directory, 'd.drop.json');
    const spoilt = spoil(await readFile(file, 'utf8'));
    await writeFile(file, spoilt);
    expect((await readAll()).map((drop) => drop.record.id)).toEqual(['other']);
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]!.problem).toMatchObject({ code: 'journal-unreadable', detail: expect.stringContaining(reason) as string });
    expect(await readFile(String(unreadable[0]!.problem.params['file']), 'utf8')).toBe(spoilt);
    const aside = (await readdir(directory)).filter((name) => name.startsWith('d.log'));
    expect(aside).toEqual([expect.stringMatching(/^d\.log\.unreadable-\d+$/)]);
    expect(await readFile(path.join(directory, aside[0]!), 'utf8')).toBe(log);
  });

  test('of a log is passed over, and what comes after it is read', async () => {
    await begunAndListed();
    await journal.end(sourceId, a);
    const log = path.join(directory, 'd.log');
    await writeFile(log, `${await readFile(log, 'utf8')}\n{"ended":"${b.slice(0, 5)}`);
    const next = new DropJournal(directory);
    const [drop] = await readAll(next);
    expect(drop!.ended).toEqual(new Set([a]));
    await next.end(sourceId, c);
    expect((await readAll())[0]!.ended).toEqual(new Set([a, c]));
  });

  test('a log without its drop is cleared away', async () => {
    await writeFile(path.join(directory, 'gone.log'), '\n{"ended":"x"}');
    await readAll();
    expect(await readdir(directory)).toEqual([]);
  });
});
