import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UploadsDelta, UploadView } from '../../preload/contract.ts';
import type { ArrivedRequest } from '../../main/sandbox/sandbox.ts';
import { sandboxDraft, startEngine, type Engine } from '../support/engine.ts';
import { turnWhen } from '../support/eventually.ts';

let engine: Engine;
let folder: string;
/** What the sandbox does to a request before it looks at it; true has dealt with it. */
let fault: (request: ArrivedRequest) => boolean;

beforeEach(async () => {
  fault = () => false;
  engine = await startEngine({ sandbox: { faults: (request) => fault(request) } });
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-drops-'));
});

afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, content: string | Buffer = 'content'): Promise<string> {
  const full = path.join(folder, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

const prefixOf = (upload: UploadView): string => upload.object!.key.slice(0, -upload.name.length);

function answerXml({ res, req }: ArrivedRequest, status: number, code: string): true {
  req.resume();
  res.writeHead(status, { 'Content-Type': 'application/xml', 'x-cos-request-id': 'made-up' });
  res.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>made up</Message></Error>`);
  return true;
}

describe('two drops of one name for Mobile Security', () => {
  test('from different places both stay: the second goes under a prefix of its own', async () => {
    await engine.drop([await file('a/report.txt', 'first')], { service: 'ms' });
    await engine.finished();
    await engine.drop([await file('b/report.txt', 'second')]);
    const uploads = await engine.finished(2);
    expect(uploads.map(({ phase }) => phase)).toEqual(['done', 'done']);
    const contents = await Promise.all(uploads.map(({ object }) => readFile(engine.sandbox.objectPath(object!.bucket, object!.key), 'utf8')));
    expect(contents).toEqual(['first', 'second']);
  });

  test('where no other prefix is to be had, the second is refused and the first stays', async () => {
    engine.sandbox.rules.rotateScopes = false;
    await engine.drop([await file('a/report.txt', 'first')], { service: 'ms' });
    await engine.finished();
    await engine.drop([await file('b/report.txt', 'second')]);
    const uploads = await engine.finished(2);
    expect(uploads[1]).toMatchObject({ phase: 'failed', problem: { code: 'duplicate-object', params: { name: 'report.txt', other: path.join(folder, 'a/report.txt') } } });
    const { object } = uploads[0]!;
    expect(await readFile(engine.sandbox.objectPath(object!.bucket, object!.key), 'utf8')).toBe('first');
  });

  test('of the same file replaces it', async () => {
    const report = await file('report.txt', 'first');
    await engine.drop([report], { service: 'ms' });
    await engine.finished();
    await writeFile(report, 'second');
    await engine.drop([report]);
    const uploads = await engine.finished(2);
    expect(uploads[1]!.object!.key).toBe(uploads[0]!.object!.key);
    expect(await readFile(engine.sandbox.objectPath(uploads[1]!.object!.bucket, uploads[1]!.object!.key), 'utf8')).toBe('second');
  });
});

test('a folder stays under one prefix, even when the credential is re-fetched midway', async () => {
  for (let index = 0; index < 120; index++) await file(`many/${index}.txt`, String(index));
  await engine.drop([path.join(folder, 'many')], { service: 'ms' });
  await engine.until((list) => list.totals.done > 10);
  await engine.ferry.refreshCredential();
  const uploads = await engine.finished(120);
  expect(uploads.every(({ phase }) => phase === 'done')).toBe(true);
  expect(new Set(uploads.map(prefixOf)).size).toBe(1);
  expect(engine.ferry.uploads().sources[0]!.prefixes).toHaveLength(1);
});

test('a folder whose credential dies midway says under which prefixes it went', async () => {
  for (let index = 0; index < 120; index++) await file(`many/${index}.txt`, String(index));
  await engine.drop([path.join(folder, 'many')], { service: 'ms' });
  await engine.until((list) => list.totals.done > 10);
  engine.sandbox.revokeCredentials();
  const uploads = await engine.finished(120);
  expect(uploads.every(({ phase }) => phase === 'done')).toBe(true);
  const [source] = engine.ferry.uploads().sources;
  expect(new Set(uploads.map((upload) => prefixOf(upload).slice(0, -1)))).toEqual(new Set(source!.prefixes));
  expect(source!.prefixes).toHaveLength(2);
});

describe('a retry', () => {
  test('goes to the region that was mended', async () => {
    await engine.drop([await file('a.apk')], { service: 'ms', cosRegion: 'abc-def' });
    const [refused] = await engine.finished();
    expect(refused!.problem?.code).toBe('parameter-value-refused');
    await engine.ferry.setDestination({ ...engine.ferry.appState().destination, cosRegion: '' });
    await engine.ferry.retryUploads([refused!.id]);
    expect((await engine.finished())[0]!.phase).toBe('done');
  });

  test('goes to the COS domain that was mended', async () => {
    await engine.ferry.addAccount(sandboxDraft(engine.sandbox, { cosDomain: 'http://127.0.0.1:9' }));
    await engine.drop([await file('a.apk')], { service: 'ms' });
    // Nobody answers there, so it waits; whoever knows better cancels it.
    await engine.until(() => engine.ferry.appState().offline);
    await engine.ferry.cancelUploads(engine.ferry.uploads().uploads.map(({ id }) => id));
    const [refused] = await engine.finished();
    await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
    await engine.ferry.retryUploads([refused!.id]);
    expect((await engine.finished())[0]).toMatchObject({ phase: 'done', problem: null });
  }, 60_000);
});

test('a drop while the app closes starts nothing', async () => {
  await engine.ferry.close();
  engine.ferry.drop([await file('late.bin', Buffer.alloc(1000))]);
  await new Promise((resolve) => { setTimeout(resolve, 100); });
  expect(engine.ferry.uploads().uploads).toEqual([]);
});

test('a missing bucket is named', async () => {
  fault = (request) => request.operation === 'PutObject' && answerXml(request, 404, 'NoSuchBucket');
  await engine.drop([await file('a.apk')], { service: 'ms' });
  expect((await engine.finished())[0]!.problem).toMatchObject({ code: 'store-no-bucket', params: { bucket: 'ms-sandbox-1250000000' } });
});

test('a failed upload keeps its parts for a retry; parts that a cancel cannot abort are told', async () => {
  fault = (request) => (request.operation === 'CompleteMultipartUpload' && answerXml(request, 400, 'InvalidPart'))
    || (request.operation === 'AbortMultipartUpload' && answerXml(request, 403, 'AccessDenied'));
  await engine.drop([await file('a.apk', randomBytes(6_000_000))], { service: 'ms' });
  const [failed] = await engine.finished();
  expect(failed).toMatchObject({ phase: 'failed', problem: { serviceCode: 'InvalidPart' } });
  expect(await engine.sandbox.listMultipartUploads()).toHaveLength(1);
  await engine.drop([await file('b.apk', Buffer.alloc(300_000_000))]);
  await engine.until(({ uploads }) => uploads.some(({ name, bytesSent }) => name === 'b.apk' && bytesSent > 5_000_000));
  await engine.ferry.cancelUploads(engine.ferry.uploads().uploads.map(({ id }) => id));
  const ofB = ({ uploads }: UploadsDelta): UploadView => uploads.find(({ name }) => name === 'b.apk')!;
  // What COS says to the abort may be known a moment later.
  const cancelled = ofB(await engine.until((list) => ofB(list).leftBehind !== null));
  expect(cancelled).toMatchObject({ phase: 'cancelled', leftBehind: { code: 'abort-failed', serviceCode: 'AccessDenied' } });
});

test('an error inside a 200 of Complete is no success: it is tried again', async () => {
  let times = 0;
  fault = (request) => request.operation === 'CompleteMultipartUpload' && ++times === 1 && answerXml(request, 200, 'InternalError');
  const bytes = randomBytes(6_000_000);
  await engine.drop([await file('a.apk', bytes)], { service: 'ms' });
  const [upload] = await engine.finished();
  expect(upload).toMatchObject({ phase: 'done' });
  expect(times).toBe(2);
});

test.each(['CreateCosSecKeyInstance', 'PutObject', 'InitiateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload'])('cancel does not wait for a %s that hangs', async (operation) => {
  let hanging = false;
  fault = (request) => {
    if (request.operation !== operation) return false;
    hanging = true;
    request.req.resume();
    return true;
  };
  const size = operation === 'PutObject' ? 1000 : 6_000_000;
  await engine.drop([await file('a.apk', randomBytes(size))], { service: 'ms' });
  await engine.until(() => hanging);
  await engine.ferry.cancelUploads(engine.ferry.uploads().uploads.map(({ id }) => id));
  expect((await engine.finished())[0]!.phase).toBe('cancelled');
});

test('a small file whose answer is lost to a cancel is said to be there', async () => {
  let held: (() => void) | null = null;
  fault = ({ operation, res }) => {
    if (operation !== 'PutObject') return false;
    // It takes effect; only the answer is held back.
    const end = res.end.bind(res);
    res.end = ((...args: Parameters<typeof end>) => { held = () => { end(...args); }; return res; }) as typeof res.end;
    return false;
  };
  await engine.drop([await file('a.apk')], { service: 'ms' });
  await engine.until(() => held !== null);
  await engine.ferry.cancelUploads(engine.ferry.uploads().uploads.map(({ id }) => id));
  expect((await engine.finished())[0]).toMatchObject({ phase: 'done', object: { size: 7 } });
});

describe('a drop that waits for its ApplicationId', () => {
  test('starts once, however often it is answered', async () => {
    await engine.drop([await file('game.zip')], { service: 'car', applicationId: '' });
    const { id } = engine.ferry.appState().pendingDrop!;
    await Promise.all([engine.ferry.answerPendingDrop(id, 'app-sandbox'), engine.ferry.answerPendingDrop(id, 'app-sandbox')]);
    expect(await engine.finished()).toHaveLength(1);
  });

  test('can be given up while the service is asked', async () => {
    let asked = false;
    fault = ({ operation, req }) => {
      if (operation !== 'DescribeCosCredential') return false;
      asked = true;
      req.resume();
      return true;
    };
    await engine.drop([await file('game.zip')], { service: 'car', applicationId: '' });
    const { id } = engine.ferry.appState().pendingDrop!;
    void Promise.resolve(engine.ferry.answerPendingDrop(id, 'app-sandbox')).catch(() => undefined);
    await engine.until(() => asked);
    await engine.ferry.answerPendingDrop(id, null);
    expect(engine.ferry.appState().pendingDrop).toBeNull();
    expect(engine.ferry.uploads().uploads).toEqual([]);
  });
});

test('the reading of a folder counts as unfinished and can be cancelled', async () => {
  // Enough to be at it for some turns of the event loop.
  for (let index = 0; index < 4000; index++) await mkdir(path.join(folder, `many/${index}`), { recursive: true });
  await file('many/x.txt');
  await engine.drop([path.join(folder, 'many')], { service: 'ms' });
  await turnWhen(() => engine.ferry.uploads().sources.some(({ phase }) => phase === 'reading'));
  const list = engine.ferry.uploads();
  expect(list.totals.unfinished).toBe(1);
  await engine.ferry.cancelReading([list.sources[0]!.id]);
  await engine.until(({ sources }) => sources.length === 0);
  expect(engine.ferry.totals().unfinished).toBe(0);
});

test('every upload remembers its phases', async () => {
  await engine.drop([await file('a.apk', randomBytes(6_000_000))], { service: 'ms' });
  const [upload] = await engine.finished();
  expect(upload!.timeline.map(({ phase }) => phase)).toEqual(['preparing', 'uploading', 'verifying', 'done']);
});

test('each package tells the service its own name', async () => {
  const names: string[] = [];
  fault = ({ operation, req }) => {
    if (operation === 'DescribeCosCredential') req.on('data', (data: Buffer) => { names.push((JSON.parse(data.toString()) as { ApplicationFileName: string }).ApplicationFileName); });
    return false;
  };
  await engine.drop([await file('Game.zip')], { service: 'car' });
  await engine.drop([await file('Other build.zip')]);
  await engine.finished(2);
  expect(names).toEqual(['Game.zip', 'Other build.zip']);
});

describe('keys', () => {
  test('a key that was kept before leaves the keychain with its account, even if a later one was for the session', async () => {
    const account = await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
    engine.keychain.locked = true;
    await engine.ferry.addAccount(sandboxDraft(engine.sandbox, { sessionOnly: true }));
    await expect(engine.ferry.removeAccount(account.id)).rejects.toMatchObject({ problem: { code: 'key-not-deleted' } });
    engine.keychain.locked = false;
    await engine.ferry.removeAccount(account.id);
    expect(engine.keychain.keys.size).toBe(0);
  });

  test('an account whose key was only ever in memory can be removed without a keychain', async () => {
    engine.keychain.locked = true;
    const account = await engine.ferry.addAccount(sandboxDraft(engine.sandbox, { sessionOnly: true }));
    await engine.ferry.removeAccount(account.id);
    expect(engine.ferry.appState().accounts).toHaveLength(1);
  });
});

test('any number of one name dropped at once get a prefix each', async () => {
  const paths = await Promise.all(['a', 'b', 'c', 'd'].map((place) => file(`${place}/build.apk`, place)));
  for (const dropped of paths) await engine.drop([dropped], { service: 'ms' });
  const uploads = await engine.finished(4);
  expect(uploads.map(({ phase }) => phase)).toEqual(['done', 'done', 'done', 'done']);
  expect(new Set(uploads.map(({ object }) => object!.key)).size).toBe(4);
});

test('a dead key whose scope stays is refused to a folder once, not once a file', async () => {
  engine.sandbox.rules.rotateScopes = false;
  await engine.ferry.setLimits({ ...engine.ferry.appState().limits, parallelUploads: 1 });
  for (let index = 0; index < 40; index++) await file(`many/${index}.txt`, String(index));
  await engine.drop([path.join(folder, 'many')], { service: 'ms' });
  await engine.until((list) => list.totals.done > 5);
  engine.sandbox.revokeCredentials();
  const uploads = await engine.finished(40);
  expect(uploads.every(({ phase }) => phase === 'done')).toBe(true);
  const refused = engine.sandbox.requests().filter(({ operation, status }) => operation === 'PutObject' && status === 403);
  expect(refused.length).toBeLessThanOrEqual(2);
});
