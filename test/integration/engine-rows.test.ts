import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FerryError } from '../../main/ferry-error.ts';
import { MemoryKeychain, sandboxDraft, startEngine, type Engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
import { Gates } from '../support/slow-sandbox.ts';

let engine: Engine;
let folder: string;
let gates: Gates;
const keychain = new MemoryKeychain();

async function start(options: Parameters<typeof startEngine>[0] = {}): Promise<void> {
  engine = await startEngine({ directory: path.join(folder, 'app'), keychain, sandbox: { faults: gates.faults }, ...options });
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-rows-'));
  await mkdir(path.join(folder, 'app'));
  gates = new Gates();
});

afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, content: string | Buffer = name): Promise<string> {
  const full = path.join(folder, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

function refuseComplete(): void {
  gates.answers.set('CompleteMultipartUpload', ({ req, res }) => {
    req.resume();
    res.writeHead(403, { 'Content-Type': 'application/xml' }).end('<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>');
    return true;
  });
}

const journaled = async (): Promise<number> => (await readdir(path.join(folder, 'app/journal'))).filter((name) => name.endsWith('.json')).length;
const list = () => engine.ferry.uploads();

test('what was taken off the list comes back when that is undone, and can be retried with the parts COS has', async () => {
  await start({ undoRemovalMs: 60_000 });
  refuseComplete();
  await engine.drop([await file('large.apk', randomBytes(9_000_000)), await file('small.txt')], { service: 'ms' });
  const [failed] = (await engine.finished(2)).filter(({ phase }) => phase === 'failed');
  const removal = await engine.ferry.removeFinished([failed!.id], []);
  expect(removal).toMatchObject({ count: 1, undoMs: 60_000 });
  expect(list().uploads.map(({ name }) => name)).toEqual(['small.txt']);
  expect(list().sources).toHaveLength(1);
  await engine.ferry.undoRemoval(removal.id);
  expect(list().uploads.map(({ name }) => name)).toEqual(['large.apk', 'small.txt']);
  expect(await engine.sandbox.listMultipartUploads()).toHaveLength(1);
  gates.answers.clear();
  const sent = gates.count('UploadPart');
  await engine.ferry.retryUploads([failed!.id]);
  await engine.until(({ uploads }) => uploads.every(({ phase }) => phase === 'done'));
  expect(gates.count('UploadPart')).toBe(sent);
});

test('once it cannot be undone any more, what was taken off is out of the journal and out of the bucket', async () => {
  await start({ undoRemovalMs: 50 });
  refuseComplete();
  await engine.drop([await file('large.apk', randomBytes(9_000_000))], { service: 'ms' });
  await engine.finished();
  const removal = await engine.ferry.clearFinished();
  await eventually(async () => (await engine.sandbox.listMultipartUploads()).length === 0);
  await eventually(async () => await journaled() === 0);
  await engine.ferry.undoRemoval(removal.id);
  expect(list().uploads).toEqual([]);
});

test('a crash brings back what could still be put back; quitting does not', async () => {
  await start({ undoRemovalMs: 60_000 });
  refuseComplete();
  await engine.drop([await file('large.apk', randomBytes(9_000_000))], { service: 'ms' });
  await engine.finished();
  await engine.ferry.clearFinished();
  await eventually(async () => {
    // What is being written goes by another name until it is whole.
    const whole = (await readdir(path.join(folder, 'app/journal'))).filter((name) => !name.endsWith('.tmp'));
    return (await Promise.all(whole.map((name) => readFile(path.join(folder, 'app/journal', name), 'utf8').catch(() => '')))).join('').includes('"intent":"failed"');
  });
  // What a process that is killed now leaves behind.
  await cp(path.join(folder, 'app/journal'), path.join(folder, 'crashed/journal'), { recursive: true });
  await engine.close();
  await start({ directory: path.join(folder, 'crashed') });
  await engine.ferry.restore();
  expect(list().uploads.map(({ name, phase }) => [name, phase])).toEqual([['large.apk', 'failed']]);
  await engine.close();
  gates.answers.clear();
  await start();
  await engine.ferry.restore();
  expect(list().uploads).toEqual([]);
  await eventually(async () => await journaled() === 0);
});

test('only what was asked for is taken off, and nothing that is not finished', async () => {
  await start();
  gates.close('PutObject');
  await engine.drop([await file('going.txt')], { service: 'ms' });
  await gates.reached('PutObject');
  await engine.drop([path.join(folder, 'gone.apk'), path.join(folder, 'gone too.apk')], { service: 'ms' });
  await engine.until(({ uploads }) => uploads.filter(({ phase }) => phase === 'failed').length === 2);
  const id = (name: string): string => list().uploads.find((upload) => upload.name === name)!.id;
  expect((await engine.ferry.removeFinished([id('going.txt'), id('gone.apk')], [])).count).toBe(1);
  expect(list().uploads.map(({ name }) => name)).toEqual(['going.txt', 'gone too.apk']);
  gates.open('PutObject');
  await engine.finished();
});

test('a folder that failed before it had any upload can be taken off and put back', async () => {
  await start({ undoRemovalMs: 60_000 });
  await mkdir(path.join(folder, 'empty'));
  await engine.drop([path.join(folder, 'empty')], { service: 'ms' });
  const { sources } = await engine.until((all) => all.sources.some(({ phase }) => phase === 'failed'));
  const removal = await engine.ferry.removeFinished([], [sources[0]!.id]);
  expect([removal.count, list().sources.length]).toEqual([1, 0]);
  await engine.ferry.undoRemoval(removal.id);
  expect(list().sources).toEqual(sources);
});

test('run again drops the same folder for the same destination, whatever the destination is by now', async () => {
  await start();
  await file('symbols/a.txt');
  await file('symbols/b/c.txt');
  await engine.drop([path.join(folder, 'symbols')], { service: 'ms' });
  await engine.finished(2);
  await engine.ferry.setDestination({ service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null });
  await file('symbols/d.txt');
  await engine.ferry.runAgain(list().sources.map(({ id }) => id));
  await engine.until(({ sources, uploads }) => sources.length === 2 && uploads.length === 5 && uploads.every(({ phase }) => phase === 'done'));
  expect(list().sources.map(({ name, kind, service }) => [name, kind, service])).toEqual([['symbols', 'folder', 'ms'], ['symbols', 'folder', 'ms']]);
});

test('a source is shown where it was dropped from, and what is gone says so', async () => {
  await start();
  const apk = await file('symbols/名字.apk');
  await engine.drop([path.join(folder, 'symbols')], { service: 'ms' });
  const [upload] = await engine.finished();
  expect(await engine.ferry.sourcePath(upload!.sourceId)).toBe(path.join(folder, 'symbols'));
  expect(await engine.ferry.sourcePath(upload!.id)).toBe(apk);
  await rm(apk);
  const refusal = await engine.ferry.sourcePath(upload!.id).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(FerryError);
  expect((refusal as FerryError).problem).toMatchObject({ code: 'source-missing', params: { name: '名字.apk' } });
});

test('keys and URLs are those of finished uploads, at the domain of their account', async () => {
  await start();
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  await engine.drop([await file('名字 1+.apk'), path.join(folder, 'gone.apk')], { service: 'ms' });
  const uploads = await engine.finished(2);
  const done = uploads.find(({ phase }) => phase === 'done')!;
  const ids = uploads.map(({ id }) => id);
  expect(engine.ferry.objectAddresses(ids, 'key')).toEqual([done.object!.key]);
  const [url] = engine.ferry.objectAddresses(ids, 'url');
  expect(url).toBe(`${engine.sandbox.url}/${done.object!.key.replace('名字 1+', '%E5%90%8D%E5%AD%97%201%2B')}`);
});

test('the details tell of parts, speed, credential, key and retries while an upload goes on and when it is done', async () => {
  await start();
  let troubles = 2;
  gates.answers.set('UploadPart', ({ req, res }) => {
    if (troubles-- <= 0) return false;
    req.resume();
    res.writeHead(503, { 'Content-Type': 'application/xml', 'x-cos-request-id': 'R-503' }).end('<Error><Code>SlowDown</Code></Error>');
    return true;
  });
  gates.close('CompleteMultipartUpload');
  await engine.drop([await file('large.apk', randomBytes(9_000_000))], { service: 'ms' });
  await gates.reached('CompleteMultipartUpload');
  const [upload] = list().uploads;
  const details = (await engine.ferry.uploadDetails(upload!.id))!;
  expect(details.parts).toEqual({ held: 9, inFlight: 0, total: 9, partBytes: 2 * 1024 * 1024 });
  expect(details.credential).toMatchObject({ bucket: 'ms-sandbox-1250000000', scope: { kind: 'prefix' }, requestId: expect.any(String) as string });
  expect(details.key).toBe(`${details.credential!.scope.value}/large.apk`);
  expect(details.retries).toEqual([{ reason: 'refused', serviceCode: 'SlowDown', requestId: 'R-503', count: 2 }]);
  gates.open('CompleteMultipartUpload');
  const [done] = await engine.finished();
  const after = (await engine.ferry.uploadDetails(done!.id))!;
  expect(after.key).toBe(done!.object!.key);
  expect(after.speeds.reduce((sum, speed) => sum + speed, 0)).toBeGreaterThanOrEqual(9_000_000);
  expect(JSON.stringify(after)).not.toContain(engine.sandbox.accounts[0]!.secretKey);
  expect(await engine.ferry.uploadDetails('nobody')).toBeNull();
});
