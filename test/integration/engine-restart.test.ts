import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UploadView } from '../../preload/contract.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { MemoryKeychain, sandboxDraft, startEngine, type Engine } from '../support/engine.ts';
import { eventually, turnWhen } from '../support/eventually.ts';
import { Gates } from '../support/slow-sandbox.ts';

let directory: string;
let cloud: Sandbox;
let gates: Gates;
let keychain: MemoryKeychain;
let engine: Engine;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-restart-'));
  gates = new Gates();
  cloud = await startSandbox({ directory: path.join(directory, 'cloud'), faults: gates.faults });
  keychain = new MemoryKeychain();
  engine = await startEngine({ directory, keychain });
  await engine.ferry.addAccount(sandboxDraft(cloud));
});

afterEach(async () => {
  await engine.close();
  await cloud.close();
  await rm(directory, { recursive: true, force: true });
});

/** As if the app had been quit and started again; `meanwhile` happens in between. */
async function restart(meanwhile: () => Promise<void> | void = () => undefined): Promise<void> {
  await engine.close();
  for (const operation of ['PutObject', 'CompleteMultipartUpload', 'CreateCosSecKeyInstance']) gates.open(operation);
  await meanwhile();
  engine = await startEngine({ directory, keychain });
  await engine.ferry.restore();
}

async function file(name: string, content: string | Buffer = name): Promise<string> {
  const full = path.join(directory, 'dropped', name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

async function folder(name: string, count: number): Promise<string> {
  for (let index = 0; index < count; index++) await file(`${name}/${String(index).padStart(4, '0')}.txt`);
  return path.join(directory, 'dropped', name);
}

const journaled = async (): Promise<string[]> => readdir(path.join(directory, 'journal')).catch(() => []);
const prefixOf = (upload: UploadView): string => upload.object!.key.slice(0, -upload.name.length - 1);
const phases = (): unknown[] => engine.ferry.uploads().uploads.map(({ name, phase, problem }) => [name, phase, problem?.code]);
const vaulted = (): string[] => [...keychain.keys.keys()].filter((name) => name.startsWith('upload:'));

describe('A folder', () => {
  test('that was still being read arrives whole, each file once', async () => {
    const count = 1200;
    const paths = [await folder('many', count), await file('beside.txt')];
    // What arrived before would not come back.
    gates.close('PutObject');
    await engine.drop(paths, { service: 'ms' });
    await turnWhen(() => engine.ferry.uploads().sources.some(({ name, phase }) => name === 'many' && phase === 'reading'));
    await restart();
    const uploads = await engine.finished(count + 1);
    expect(uploads.every(({ phase }) => phase === 'done')).toBe(true);
    expect(new Set(uploads.map(({ name }) => name)).size).toBe(uploads.length);
    expect(new Set((await cloud.listObjects()).map(({ key }) => path.basename(key))).size).toBe(count + 1);
    await eventually(async () => (await journaled()).length === 0);
  });

  test('whose record does not hold its files yet is read again: what is done or begun is known', async () => {
    gates.close('CompleteMultipartUpload');
    await engine.drop([await file('large.apk', randomBytes(9_000_000)), await folder('many', 5)], { service: 'ms' });
    await gates.reached('CompleteMultipartUpload');
    await engine.until(({ totals }) => totals.done === 5);
    await restart(async () => {
      const name = (await journaled()).find((each) => each.endsWith('.drop.json'))!;
      const place = path.join(directory, 'journal', name);
      await writeFile(place, JSON.stringify({ ...JSON.parse(await readFile(place, 'utf8')) as object, listing: null }));
      await file('many/new.txt');
    });
    const uploads = await engine.finished(2);
    expect(phases()).toEqual([['large.apk', 'done', undefined], ['many/new.txt', 'done', undefined]]);
    expect(uploads).toHaveLength(2);
    expect(gates.count('InitiateMultipartUpload')).toBe(1);
    expect(gates.count('UploadPart')).toBe(9);
    expect(gates.count('PutObject')).toBe(6);
    await eventually(async () => (await journaled()).length === 0);
  });

  test('of which the file that was begun is gone when it is read again keeps its row, which clears its parts away', async () => {
    gates.close('CompleteMultipartUpload');
    await file('many/large.apk', randomBytes(9_000_000));
    await engine.drop([await folder('many', 2)], { service: 'ms' });
    await gates.reached('CompleteMultipartUpload');
    await engine.until(({ totals }) => totals.done === 2);
    await restart(async () => {
      const name = (await journaled()).find((each) => each.endsWith('.drop.json'))!;
      const place = path.join(directory, 'journal', name);
      await writeFile(place, JSON.stringify({ ...JSON.parse(await readFile(place, 'utf8')) as object, listing: null }));
      await rm(path.join(directory, 'dropped/many/large.apk'));
    });
    await engine.finished();
    expect(phases()).toEqual([['many/large.apk', 'failed', 'source-missing']]);
    expect(engine.ferry.uploads().sources).toMatchObject([{ name: 'many', phase: 'ready' }]);
    expect(await cloud.listMultipartUploads()).toHaveLength(1);
    await engine.ferry.clearFinished();
    await eventually(async () => (await cloud.listMultipartUploads()).length === 0 && (await journaled()).length === 0);
  });

  /** Drops a folder of which `sent` files have arrived when the app is quit. */
  async function partlySent(sent: number, meanwhile?: () => void): Promise<readonly UploadView[]> {
    await engine.ferry.setLimits({ ...engine.ferry.appState().limits, parallelUploads: 1 });
    gates.answers.set('PutObject', () => {
      if (gates.count('PutObject') >= sent) gates.close('PutObject');
      return false;
    });
    await engine.drop([await folder('many', 30)], { service: 'ms' });
    await engine.until(({ totals }) => totals.done >= sent);
    gates.answers.delete('PutObject');
    const before = engine.ferry.uploads().uploads.filter(({ phase }) => phase === 'done');
    await restart(meanwhile);
    return [...before, ...await engine.finished(30 - before.length)];
  }

  test('goes on under its prefix while the credential for that lives', async () => {
    const uploads = await partlySent(10);
    expect(uploads.every(({ phase }) => phase === 'done')).toBe(true);
    expect(new Set(uploads.map(({ name }) => name)).size).toBe(30);
    expect(new Set(uploads.map(prefixOf)).size).toBe(1);
    expect(engine.ferry.uploads().sources[0]!.prefixes).toEqual([prefixOf(uploads[0]!)]);
    await eventually(async () => vaulted().length === 0 && (await journaled()).length === 0);
  });

  test('that takes but a moment asks nothing of the keychain; the credential of a longer one is there before it ends', async () => {
    const asked: string[] = [];
    const set = keychain.set.bind(keychain);
    keychain.set = async (account, secret) => {
      asked.push(account);
      await set(account, secret);
    };
    const of = (name: string): string[] => {
      const { id } = engine.ferry.uploads().sources.find((source) => source.name === name)!;
      return asked.filter((account) => account === `upload:${id}`);
    };
    /** Drops it, and looks once `isThere` settles; that tells nothing where the moment, a second long, is over by then. */
    async function dropped(name: string, isThere: () => Promise<unknown>): Promise<void> {
      const dropping = await folder(name, 5);
      const droppedAtMs = performance.now();
      await engine.drop([dropping], { service: 'ms' });
      await isThere();
      if (performance.now() - droppedAtMs < 1_000) expect(of(name)).toEqual([]);
    }
    await dropped('few', () => engine.finished(5));
    gates.close('PutObject');
    await dropped('more', () => gates.reached('PutObject', 6));
    await eventually(() => of('more').length === 1);
    gates.open('PutObject');
    await engine.finished(10);
    await eventually(() => vaulted().length === 0);
  });

  test('names both prefixes where it has to go on under another', async () => {
    const uploads = await partlySent(10, () => {
      for (const name of vaulted()) keychain.keys.delete(name);
    });
    expect(uploads.every(({ phase }) => phase === 'done')).toBe(true);
    const prefixes = [...new Set(uploads.map(prefixOf))];
    expect(prefixes).toHaveLength(2);
    expect(engine.ferry.uploads().sources[0]!.prefixes).toEqual(prefixes);
  });

  test('that is cancelled after a restart leaves no credential behind', async () => {
    gates.close('PutObject');
    await engine.ferry.setLimits({ ...engine.ferry.appState().limits, resumesAtStart: false });
    await engine.drop([await folder('many', 5)], { service: 'ms' });
    await gates.reached('PutObject');
    await eventually(async () => vaulted().length === 1);
    await restart();
    await engine.ferry.cancelUploads(engine.ferry.uploads().uploads.map(({ id }) => id));
    await eventually(async () => vaulted().length === 0 && (await journaled()).length === 0);
  });
});

describe('After a restart', () => {
  test('a drop still waits for its ApplicationId, with all that was dropped', async () => {
    const [one, two] = [await file('Game.zip'), await file('Other.zip')];
    await engine.drop([one], { service: 'car', applicationId: '' });
    await engine.drop([two]);
    const before = engine.ferry.appState().pendingDrop;
    await eventually(async () => (await journaled()).length > 0);
    await restart();
    expect(engine.ferry.appState().pendingDrop).toEqual({ ...before, names: ['Game.zip', 'Other.zip'] });
    expect(engine.ferry.uploads().uploads).toEqual([]);
    await engine.ferry.answerPendingDrop(before!.id, 'app-sandbox');
    const [upload] = await engine.finished();
    expect(upload).toMatchObject({ phase: 'done', packed: true });
    await eventually(async () => (await journaled()).length === 0);
  });

  test('an upload is there whose cancel was taken back at once', async () => {
    gates.close('PutObject');
    await engine.ferry.setLimits({ ...engine.ferry.appState().limits, parallelUploads: 1 });
    await engine.drop([await file('first.apk')], { service: 'ms' });
    await gates.reached('PutObject');
    await engine.drop([await file('second.apk')]);
    const { uploads } = await engine.until((list) => list.uploads.length === 2);
    const second = uploads.find(({ name }) => name === 'second.apk')!.id;
    await eventually(async () => (await journaled()).length === 2);
    await engine.ferry.cancelUploads([second]);
    await engine.ferry.retryUploads([second]);
    await restart();
    expect((await engine.finished(2)).map(({ name, phase }) => [name, phase])).toEqual([['first.apk', 'done'], ['second.apk', 'done']]);
    await eventually(async () => (await journaled()).length === 0);
  });

  test('one that was given up does not come back', async () => {
    await engine.drop([await file('Game.zip')], { service: 'car', applicationId: '' });
    await eventually(async () => (await journaled()).length > 0);
    await engine.ferry.answerPendingDrop(engine.ferry.appState().pendingDrop!.id, null);
    await restart();
    expect(engine.ferry.appState().pendingDrop).toBeNull();
    expect(await journaled()).toEqual([]);
  });

  test('what failed at the drop still says why, until it is taken off the list', async () => {
    const empty = path.join(directory, 'dropped/empty');
    await mkdir(empty, { recursive: true });
    await engine.drop([await file('a/build.apk'), await file('b/build.apk'), path.join(directory, 'missing.apk'), empty], { service: 'ms' });
    await engine.finished(3);
    await restart();
    expect(phases()).toEqual([['build.apk', 'failed', 'duplicate-object'], ['missing.apk', 'failed', 'source-missing']]);
    expect(engine.ferry.uploads().sources).toEqual(expect.arrayContaining([
      expect.objectContaining({ name: 'empty', kind: 'folder', phase: 'failed', problem: { code: 'source-empty-folder', params: { name: 'empty' } } }),
    ]));
    await engine.ferry.clearFinished();
    await restart();
    expect(engine.ferry.uploads()).toMatchObject({ uploads: [], sources: [] });
    expect(await journaled()).toEqual([]);
  });

  test('a broken record is told, and the uploads of others come back', async () => {
    gates.close('PutObject');
    await engine.drop([await file('a.apk')], { service: 'ms' });
    await gates.reached('PutObject');
    await restart(() => writeFile(path.join(directory, 'journal/broken.drop.json'), '{"version":1,"id":"bro'));
    expect(engine.problems).toMatchObject([{ code: 'journal-unreadable' }]);
    expect((await engine.finished())[0]).toMatchObject({ name: 'a.apk', phase: 'done' });
  });

  test('what was paused before its first byte is paused, and pausing many costs no file each', async () => {
    gates.close('PutObject');
    await engine.drop([await folder('many', 50)], { service: 'ms' });
    await gates.reached('PutObject');
    await engine.ferry.pauseUploads(engine.ferry.uploads().uploads.map(({ id }) => id));
    await engine.until(({ uploads }) => uploads.every(({ phase }) => phase === 'paused'));
    await eventually(async () => (await journaled()).length === 2);
    await restart();
    expect(engine.ferry.uploads().uploads.map(({ phase }) => phase)).toEqual(Array.from({ length: 50 }, () => 'paused'));
  });
});

describe('Uploads whose account is gone', () => {
  async function withoutAccount(): Promise<void> {
    gates.close('CompleteMultipartUpload');
    await engine.drop([await file('large.apk', randomBytes(9_000_000)), path.join(await folder('many', 2), '0000.txt')], { service: 'ms' });
    await gates.reached('CompleteMultipartUpload');
    await engine.until(({ totals }) => totals.done === 1);
    await restart(async () => {
      const place = path.join(directory, 'settings.json');
      const settings = JSON.parse(await readFile(place, 'utf8')) as { accounts: unknown[] };
      await writeFile(place, JSON.stringify({ ...settings, accounts: [] }));
    });
  }

  test('are shown with the reason, and taking them off clears their parts away', async () => {
    await withoutAccount();
    expect(engine.ferry.uploads().uploads).toMatchObject([{ name: 'large.apk', phase: 'failed', problem: { code: 'key-missing', params: { label: 'Studio' } } }]);
    expect(await cloud.listMultipartUploads()).toHaveLength(1);
    await engine.ferry.clearFinished();
    await eventually(async () => (await cloud.listMultipartUploads()).length === 0 && (await journaled()).length === 0);
    expect(engine.problems).toEqual([]);
  });

  test('go on once it is added again under its name', async () => {
    await withoutAccount();
    keychain.keys.clear();
    await engine.ferry.addAccount(sandboxDraft(cloud));
    await engine.ferry.retryUploads(engine.ferry.uploads().uploads.map(({ id }) => id));
    expect((await engine.finished())[0]).toMatchObject({ phase: 'done', problem: null });
    await eventually(async () => (await journaled()).length === 0);
  });
});
