import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UploadView } from '../../preload/contract.ts';
import { sandboxDraft, startEngine, type Engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
import { Gates } from '../support/slow-sandbox.ts';

let engine: Engine;
let folder: string;
let gates: Gates;

beforeEach(async () => {
  gates = new Gates();
  engine = await startEngine({ sandbox: { faults: gates.faults } });
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-source-'));
});

afterEach(async () => {
  for (const operation of ['CreateCosSecKeyInstance', 'UploadPart', 'InitiateMultipartUpload', 'CompleteMultipartUpload', 'ListParts', 'PutObject']) gates.open(operation);
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, content: string | Buffer): Promise<string> {
  const full = path.join(folder, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

const only = (): UploadView => engine.ferry.uploads().uploads[0]!;
const ids = (): string[] => engine.ferry.uploads().uploads.map((upload) => upload.id);
const phase = (...wanted: string[]) => engine.until((list) => list.uploads.length > 0 && list.uploads.every((upload) => wanted.includes(upload.phase)));

/** What was begun is aborted beside the upload, which does not wait for it. */
const nothingIsLeft = () => eventually(async () => (await engine.sandbox.listMultipartUploads()).length === 0);

async function bytesOf(upload: UploadView): Promise<Buffer> {
  return readFile(engine.sandbox.objectPath(upload.object!.bucket, upload.object!.key));
}

/** The request that is held back while the person acts, by the phase the upload is in then. */
const moments = [
  ['preparing', 'CreateCosSecKeyInstance'],
  ['uploading, before its first part', 'InitiateMultipartUpload'],
  ['uploading', 'UploadPart'],
  ['verifying', 'CompleteMultipartUpload'],
] as const;

describe.each(moments)('While %s', (_phase, operation) => {
  test('a pause stops it, and resuming brings the same bytes', async () => {
    const bytes = randomBytes(13_000_000);
    gates.close(operation);
    await engine.drop([await file('large.apk', bytes)], { service: 'ms' });
    await gates.reached(operation);
    await engine.ferry.pauseUploads(ids());
    await phase('paused');
    gates.open(operation);
    await engine.ferry.resumeUploads(ids());
    const [upload] = await engine.finished();
    expect(upload).toMatchObject({ phase: 'done', problem: null, notice: null });
    expect((await bytesOf(upload!)).equals(bytes)).toBe(true);
    expect(await engine.sandbox.listObjects()).toHaveLength(1);
    if (operation === 'InitiateMultipartUpload') await gates.reached('AbortMultipartUpload');
    await nothingIsLeft();
  });

  test.each([
    ['a cancel', () => engine.ferry.cancelUploads(ids())],
    ['the removal of its account', () => engine.ferry.removeAccount(engine.ferry.appState().accountId)],
  ] as const)('%s stops it and leaves nothing behind', async (_what, stop) => {
    await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
    gates.close(operation);
    // The account was checked with one of these.
    const before = gates.count(operation);
    await engine.drop([await file('large.apk', randomBytes(13_000_000))], { service: 'ms' });
    await gates.reached(operation, before + 1);
    await engine.until(({ uploads }) => uploads.length > 0);
    await stop();
    await phase('cancelled');
    gates.open(operation);
    if (operation !== 'CreateCosSecKeyInstance') await gates.reached('AbortMultipartUpload');
    expect(only().problem).toBeNull();
    await nothingIsLeft();
    expect(await engine.sandbox.listObjects()).toEqual([]);
  });
});

test('parts that COS has when it is paused are not sent again', async () => {
  gates.delaysMs.set('UploadPart', 30);
  await engine.ferry.setLimits({ ...engine.ferry.appState().limits, partsInFlight: 1 });
  await engine.drop([await file('large.apk', randomBytes(20_500_000))], { service: 'ms' });
  await gates.reached('UploadPart', 5);
  await engine.ferry.pauseUploads(ids());
  await phase('paused');
  await engine.ferry.resumeUploads(ids());
  await engine.finished();
  // Eighteen parts, and the one that was on its way.
  expect(gates.count('UploadPart')).toBeLessThanOrEqual(19);
});

test('a paused upload that is cancelled leaves no parts behind', async () => {
  await engine.drop([await file('large.apk', randomBytes(13_000_000))], { service: 'ms' });
  gates.close('CompleteMultipartUpload');
  await gates.reached('CompleteMultipartUpload');
  await engine.ferry.pauseUploads(ids());
  await phase('paused');
  await engine.ferry.cancelUploads(ids());
  await phase('cancelled');
  await gates.reached('AbortMultipartUpload');
  await nothingIsLeft();
  gates.open('CompleteMultipartUpload');
  await engine.ferry.retryUploads(ids());
  const [upload] = await engine.finished();
  expect(upload!.phase).toBe('done');
});

test('all are paused, resumed, cancelled and retried at once', async () => {
  gates.close('PutObject');
  for (let index = 0; index < 20; index++) await file(`many/${index}.txt`, String(index));
  await engine.drop([path.join(folder, 'many')], { service: 'ms' });
  await engine.until((list) => list.uploads.length === 20);
  await gates.reached('PutObject');
  await engine.ferry.pauseUploads(ids());
  await phase('paused');
  expect(engine.ferry.uploads().totals).toMatchObject({ paused: 20, unfinished: 0 });
  await engine.ferry.resumeUploads(ids());
  await engine.until((list) => list.totals.unfinished === 20);
  await engine.ferry.cancelUploads(ids());
  await phase('cancelled');
  gates.open('PutObject');
  await engine.ferry.retryUploads(ids());
  await phase('done');
});

test('a failed upload that is retried goes on with the parts COS has', async () => {
  let refusals = 1;
  gates.answers.set('CompleteMultipartUpload', ({ req, res }) => {
    if (refusals-- <= 0) return false;
    req.resume();
    res.writeHead(403, { 'Content-Type': 'application/xml' }).end('<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>');
    return true;
  });
  await engine.drop([await file('large.apk', randomBytes(13_000_000))], { service: 'ms' });
  await phase('failed');
  const sent = gates.count('UploadPart');
  await engine.ferry.retryUploads(ids());
  await phase('done');
  expect(gates.count('UploadPart')).toBe(sent);
});

test('taking a failed upload off the list takes its parts out of the bucket', async () => {
  gates.answers.set('CompleteMultipartUpload', ({ req, res }) => {
    req.resume();
    res.writeHead(403, { 'Content-Type': 'application/xml' }).end('<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>');
    return true;
  });
  await engine.drop([await file('large.apk', randomBytes(13_000_000))], { service: 'ms' });
  await phase('failed');
  expect(await engine.sandbox.listMultipartUploads()).toHaveLength(1);
  await engine.ferry.clearFinished();
  expect(engine.ferry.uploads().uploads).toEqual([]);
  await gates.reached('AbortMultipartUpload');
  await nothingIsLeft();
});
