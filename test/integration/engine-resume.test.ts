import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UploadView } from '../../preload/contract.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { MemoryKeychain, sandboxDraft, startEngine, type Engine } from '../support/engine.ts';
import { eventually } from '../support/eventually.ts';
import { Gates } from '../support/slow-sandbox.ts';
import { msCredential, signedRequest } from './sandbox-clients.ts';

const mebibyte = 1024 * 1024;
let directory: string;
let cloud: Sandbox;
let gates: Gates;
let keychain: MemoryKeychain;
let engine: Engine;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-resume-'));
  gates = new Gates();
  cloud = await startSandbox({ directory: path.join(directory, 'cloud'), rotateScopes: false, faults: gates.faults });
  keychain = new MemoryKeychain();
  engine = await startEngine({ directory, keychain });
  await engine.ferry.addAccount(sandboxDraft(cloud));
  await engine.ferry.setLimits({ ...engine.ferry.appState().limits, partsInFlight: 2 });
});

afterEach(async () => {
  await engine.close();
  await cloud.close();
  await rm(directory, { recursive: true, force: true });
});

const operations = ['UploadPart', 'CompleteMultipartUpload'];

/** As if the app had been quit and started again; `meanwhile` happens in between. */
async function restart(meanwhile: () => Promise<void> | void = () => undefined): Promise<void> {
  await engine.close();
  for (const operation of operations) gates.open(operation);
  await meanwhile();
  engine = await startEngine({ directory, keychain });
  await engine.ferry.restore();
}

async function file(name: string, content: string | Buffer): Promise<string> {
  const full = path.join(directory, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

const only = (): UploadView => engine.ferry.uploads().uploads[0]!;

/** Drops a file of eighteen parts and waits until COS has `parts` of them; the next ones are held back. */
async function sendSome(parts: number, bytes = randomBytes(20 * mebibyte - 5)): Promise<{ readonly source: string; readonly bytes: Buffer }> {
  const source = await file('build.apk', bytes);
  gates.answers.set('UploadPart', () => {
    if (gates.count('UploadPart') >= parts) gates.close('UploadPart');
    return false;
  });
  await engine.drop([source], { service: 'ms' });
  await gates.reached('UploadPart', parts + 2);
  await eventually(async () => ((await cloud.listMultipartUploads())[0]?.parts.size ?? 0) >= parts);
  gates.answers.delete('UploadPart');
  return { source, bytes };
}

async function arrived(upload: UploadView): Promise<Buffer> {
  expect(upload).toMatchObject({ phase: 'done', problem: null });
  return readFile(cloud.objectPath(upload.object!.bucket, upload.object!.key));
}

describe('After a restart', () => {
  test('an upload goes on by itself, and only what COS has not is sent', async () => {
    const { bytes } = await sendSome(5);
    const before = gates.count('UploadPart');
    await restart();
    const [upload] = await engine.finished();
    expect((await arrived(upload!)).equals(bytes)).toBe(true);
    expect(gates.count('InitiateMultipartUpload')).toBe(1);
    expect(gates.count('UploadPart') - before).toBeLessThanOrEqual(13);
    await eventually(async () => (await readdir(path.join(directory, 'journal'))).length === 0);
  });

  test('where COS does not list its parts, the journal knows them', async () => {
    cloud.rules.denyListParts = true;
    await sendSome(5);
    const before = gates.count('UploadPart');
    await restart();
    const [upload] = await engine.finished();
    await arrived(upload!);
    expect(gates.count('UploadPart') - before).toBeLessThanOrEqual(15);
    expect(gates.count('InitiateMultipartUpload')).toBe(1);
  });

  test('a credential for another place does not hinder it while the old one lives', async () => {
    cloud.rules.rotateScopes = true;
    const { bytes } = await sendSome(5);
    await restart();
    const [upload] = await engine.finished();
    expect((await arrived(upload!)).equals(bytes)).toBe(true);
    expect(gates.count('InitiateMultipartUpload')).toBe(1);
    expect(upload!.notice).toBeNull();
    await expect.poll(() => [...keychain.keys.keys()].filter((name) => name.startsWith('upload:'))).toEqual([]);
  });

  test('where the old one is lost it starts over in the new place, and says so', async () => {
    cloud.rules.rotateScopes = true;
    const { bytes } = await sendSome(5);
    await restart(() => {
      for (const name of keychain.keys.keys()) if (name.startsWith('upload:')) keychain.keys.delete(name);
    });
    const [upload] = await engine.finished();
    expect((await arrived(upload!)).equals(bytes)).toBe(true);
    expect(upload!.notice).toMatchObject({ code: 'started-over-scope' });
    expect(gates.count('InitiateMultipartUpload')).toBe(2);
  });

  test('and still says so after one more, though a person has it go on', async () => {
    cloud.rules.rotateScopes = true;
    await sendSome(5);
    let arrived = 0;
    await restart(() => {
      arrived = gates.count('UploadPart');
      for (const name of keychain.keys.keys()) if (name.startsWith('upload:')) keychain.keys.delete(name);
      gates.close('UploadPart');
    });
    await gates.reached('UploadPart', arrived + 1);
    await engine.ferry.pauseUploads([only().id]);
    await restart();
    expect(only()).toMatchObject({ phase: 'paused', notice: { code: 'started-over-scope' } });
    await engine.ferry.resumeUploads([only().id]);
    expect((await engine.finished())[0]).toMatchObject({ phase: 'done', notice: { code: 'started-over-scope' } });
    expect(gates.count('InitiateMultipartUpload')).toBe(2);
  });

  test('where COS has thrown the parts away it starts over, and says so', async () => {
    const { bytes } = await sendSome(5);
    await restart(async () => {
      const credential = await msCredential(cloud);
      for (const { key, uploadId } of await cloud.listMultipartUploads()) await signedRequest(cloud, credential, { method: 'DELETE', key, query: { uploadId } });
      expect(await cloud.listMultipartUploads()).toEqual([]);
      for (const name of keychain.keys.keys()) if (name.startsWith('upload:')) keychain.keys.delete(name);
    });
    const [upload] = await engine.finished();
    expect((await arrived(upload!)).equals(bytes)).toBe(true);
    expect(upload!.notice?.code).toMatch(/^started-over-/);
  });

  test('a source that has changed arrives as it is now, whole', async () => {
    const { bytes, source } = await sendSome(5);
    const changed = Buffer.from(bytes);
    changed.set(randomBytes(100), 9 * mebibyte);
    await restart(() => writeFile(source, changed));
    const [upload] = await engine.finished();
    expect((await arrived(upload!)).equals(changed)).toBe(true);
  });

  test.each([['one part', 1000], ['fewer parts', 9 * mebibyte], ['more', 50 * mebibyte]])('a source that is %s now arrives whole, and nothing else stays', async (_what, size) => {
    const { source } = await sendSome(5);
    const changed = randomBytes(size);
    await restart(() => writeFile(source, changed));
    const [upload] = await engine.finished();
    expect((await arrived(upload!)).equals(changed)).toBe(true);
    await eventually(async () => (await cloud.listMultipartUploads()).length === 0);
  });

  test('a source that is gone is a clear failure', async () => {
    const { source } = await sendSome(2);
    await restart(() => rm(source));
    const [upload] = await engine.finished();
    expect(upload).toMatchObject({ phase: 'failed', problem: { code: 'source-missing' } });
  });

  test('it waits for a click where that is the setting', async () => {
    await engine.ferry.setLimits({ ...engine.ferry.appState().limits, resumesAtStart: false });
    await sendSome(2);
    await restart();
    expect(only().phase).toBe('paused');
    await engine.ferry.resumeUploads([only().id]);
    const [upload] = await engine.finished();
    await arrived(upload!);
  });

  test('what was paused stays so, what failed still says why, and the order is kept', async () => {
    await engine.ferry.setLimits({ ...engine.ferry.appState().limits, parallelUploads: 1 });
    await engine.drop([path.join(directory, 'missing.apk')], { service: 'ms' });
    await engine.finished();
    await sendSome(1);
    for (const name of ['b.apk', 'c.apk', 'd.apk']) await engine.drop([await file(name, name)]);
    const list = await engine.until(({ uploads }) => uploads.length === 5);
    const idOf = (name: string): string => list.uploads.find((upload) => upload.name === name)!.id;
    await engine.ferry.pauseUploads(list.uploads.map(({ id }) => id));
    await engine.ferry.moveUploads([idOf('d.apk')], idOf('b.apk'));
    await restart();
    expect(engine.ferry.uploads().uploads.map(({ name, phase, problem }) => [name, phase, problem?.code])).toEqual([
      ['missing.apk', 'failed', 'source-missing'],
      ['build.apk', 'paused', undefined],
      ['d.apk', 'paused', undefined],
      ['b.apk', 'paused', undefined],
      ['c.apk', 'paused', undefined],
    ]);
  });

  test('the parts of an upload whose cancel did not get through are aborted', async () => {
    await sendSome(3);
    gates.answers.set('AbortMultipartUpload', ({ req, res }) => {
      req.resume();
      res.writeHead(403, { 'Content-Type': 'application/xml' }).end('<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>');
      return true;
    });
    await engine.ferry.cancelUploads([only().id]);
    // What COS says to the abort may be known a moment later.
    await engine.until(({ uploads }) => uploads[0]!.leftBehind !== null);
    expect(only()).toMatchObject({ phase: 'cancelled', leftBehind: { code: 'abort-failed' } });
    expect(await cloud.listMultipartUploads()).toHaveLength(1);
    await restart(() => { gates.answers.delete('AbortMultipartUpload'); });
    expect(engine.ferry.uploads().uploads).toEqual([]);
    await eventually(async () => (await cloud.listMultipartUploads()).length === 0);
  });

  test('an upload does not wait for the abort of what it no longer goes on with, which the next start tries again', async () => {
    const { source } = await sendSome(5);
    gates.close('AbortMultipartUpload');
    await restart(() => writeFile(source, 'small'));
    const [upload] = await engine.finished();
    await arrived(upload!);
    expect(await cloud.listMultipartUploads()).toHaveLength(1);
    await restart(() => { gates.open('AbortMultipartUpload'); });
    expect(engine.ferry.uploads().uploads).toEqual([]);
    await eventually(async () => (await cloud.listMultipartUploads()).length === 0);
    await eventually(async () => (await readdir(path.join(directory, 'journal'))).length === 0);
    await eventually(() => ![...keychain.keys.keys()].some((name) => name.startsWith('upload:')));
  });

  test('a row says that parts were left where COS refuses to discard them', async () => {
    const { source } = await sendSome(5);
    gates.answers.set('AbortMultipartUpload', ({ req, res }) => {
      req.resume();
      res.writeHead(403, { 'Content-Type': 'application/xml' }).end('<Error><Code>AccessDenied</Code><Message>Access Denied.</Message></Error>');
      return true;
    });
    await restart(() => writeFile(source, 'small'));
    await arrived((await engine.finished())[0]!);
    await engine.until(({ uploads }) => uploads[0]!.leftBehind !== null);
    expect(only().leftBehind).toMatchObject({ code: 'parts-left', serviceCode: 'AccessDenied' });
  });

  test('an entry that cannot be read is told, and the others come back', async () => {
    await sendSome(2);
    await restart(() => writeFile(path.join(directory, 'journal/broken.json'), '{"version":1,'));
    expect(engine.problems).toMatchObject([{ code: 'journal-unreadable' }]);
    const [upload] = await engine.finished();
    await arrived(upload!);
  });
});

test('a source that changes while it is read fails, and no mixture arrives', async () => {
  // More than is made before there is a place for it.
  const { source, bytes } = await sendSome(2, randomBytes(64 * mebibyte));
  const changed = Buffer.from(bytes);
  changed.set(randomBytes(100), 60 * mebibyte);
  await writeFile(source, changed);
  gates.open('UploadPart');
  const [upload] = await engine.finished();
  expect(upload).toMatchObject({ phase: 'failed', problem: { code: 'source-changed' } });
  expect(await cloud.listObjects()).toEqual([]);
});
