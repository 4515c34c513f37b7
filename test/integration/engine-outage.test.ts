import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Account } from '../../main/credentials/account.ts';
import { usualLimits } from '../../main/uploads/engine.ts';
import { apiRefusal, reset, slowDown, status, type Fault } from '../support/faults.ts';
import { mebibyte, startFaultyEngine, type FaultyEngine, type FaultyEngineOptions } from '../support/faulty-engine.ts';

let ferry: FaultyEngine;
let folder: string;
const closing: (() => void)[] = [];
const large = randomBytes(3 * mebibyte + 17);

beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'ferry-outage-source-')); });

afterEach(async () => {
  await ferry.close();
  for (const close of closing.splice(0)) close();
  await rm(folder, { recursive: true, force: true });
});

async function dropWith(patience: FaultyEngineOptions['patience'], bytes = large): Promise<void> {
  ferry = await startFaultyEngine({ patience: { ...patience, maxDelayMs: 20 } });
  const file = path.join(folder, 'build.bin');
  await writeFile(file, bytes);
  for (const [operation, fault, times] of faults) ferry.faults.next(operation, fault, times);
  await ferry.drop([file]);
}

let faults: readonly (readonly [string, Fault, number])[];
const badGateway = status(502, '');
const moreThanEightEach = 60;

test.each([
  ['a part', 'UploadPart', slowDown, large, 'store-busy'],
  ['the beginning', 'InitiateMultipartUpload', status(503, 'ServiceUnavailable'), large, 'store-busy'],
  ['Complete', 'CompleteMultipartUpload', badGateway, large, 'store-busy'],
  ['a small file', 'PutObject', slowDown, Buffer.from('small'), 'store-busy'],
])('%s outlasts an outage that answers, and its row says what it waits for until then', async (_what, operation, fault, bytes, code) => {
  faults = [[operation, fault, moreThanEightEach]];
  await dropWith({ outageToldMs: 0 }, bytes);
  await ferry.until(({ uploads }) => uploads[0]?.notice?.code === code);
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'done', notice: null });
  expect((await ferry.stored(upload)).equals(bytes)).toBe(true);
  expect(ferry.count(operation)).toBeGreaterThan(moreThanEightEach);
});

test.each(['InternalError', 'RequestLimitExceeded'])('a credential that is refused with %s for long is waited for, and the row says so until then', async (code) => {
  faults = [['CreateCosSecKeyInstance', apiRefusal(code), 15]];
  await dropWith({ outageToldMs: 0 });
  await ferry.until(({ uploads }) => uploads[0]?.notice?.code === 'service-busy');
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'done', notice: null });
});

test('who waits for a credential before a dialog is told of an outage at once, also while an upload waits it out', async () => {
  faults = [['CreateCosSecKeyInstance', apiRefusal('InternalError'), Infinity]];
  await dropWith({ outageToldMs: 0 });
  await ferry.until(({ uploads }) => uploads[0]?.notice?.code === 'service-busy');
  const asked = ferry.engine.credentials.refresh(ferry.account, { service: 'ms', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null });
  await expect(asked).rejects.toMatchObject({ problem: { code: 'service-internal' } });
  ferry.faults.clear();
  const [upload] = await ferry.finished();
  expect(upload!.phase).toBe('done');
});

test('an outage that lasts longer than the patience for it fails the upload, which is told why', async () => {
  faults = [['UploadPart', slowDown, Infinity]];
  await dropWith({ outageMs: 300 });
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'failed', problem: { code: 'store-failed', serviceCode: 'SlowDown' } });
});

test('what is refused eight times for other reasons fails the upload', async () => {
  faults = [['InitiateMultipartUpload', status(400, 'BadDigest'), Infinity]];
  await dropWith({});
  const [upload] = await ferry.finished();
  expect(upload).toMatchObject({ phase: 'failed', problem: { code: 'store-failed', serviceCode: 'BadDigest' } });
  expect(ferry.count('InitiateMultipartUpload')).toBe(8);
});

/** A way to the sandbox that can be gone. */
async function startWay(to: string): Promise<{ readonly url: string; isGone: boolean }> {
  const way = { url: '', isGone: true };
  const server: Server = createServer((socket: Socket) => {
    if (way.isGone) {
      socket.destroy();
      return;
    }
    const onward = connect(Number(new URL(to).port), '127.0.0.1');
    for (const [from, into] of [[socket, onward], [onward, socket]] as const) from.on('error', () => { into.destroy(); }).on('close', () => { into.destroy(); }).pipe(into);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  closing.push(() => { server.close(); });
  way.url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return way;
}

test.each([['COS', 'cosDomain', large], ['COS', 'cosDomain', Buffer.from('small')], ['the service', 'apiEndpoint', large]] as const)(
  'uploads for an account whose %s (%s) gives no answer let those of another begin, and arrive once it does', async (_what, which, bytes) => {
    ferry = await startFaultyEngine({ limits: { ...usualLimits, parallelUploads: 2 }, patience: { outageToldMs: 100, maxDelayMs: 20 } });
    const way = await startWay(ferry.account.cosDomain!);
    const gone: Account = { ...ferry.account, id: 'gone', [which]: way.url };
    const dropAll = async (name: string, count: number, account: Account): Promise<void> => {
      await mkdir(path.join(folder, name));
      for (let index = 0; index < count; index++) await writeFile(path.join(folder, name, `${index}.bin`), bytes);
      await ferry.drop([path.join(folder, name)], {}, account);
    };
    const places = bytes === large ? 2 : 16;
    await dropAll('gone', places + 3, gone);
    await ferry.until(({ uploads }) => uploads.filter(({ phase }) => phase === 'preparing' || phase === 'uploading').length === places);
    await dropAll('well', 4, ferry.account);
    const waits = await ferry.until(({ uploads }) => uploads.filter(({ phase }) => phase === 'done').length === 4);
    expect(waits.filter(({ phase }) => phase === 'waiting')).toHaveLength(3);
    way.isGone = false;
    const all = await ferry.finished(places + 7);
    expect(all.every(({ phase, notice }) => phase === 'done' && notice === null)).toBe(true);
  }, 20_000);

/** Takes connections, and whatever comes over them, and never answers. */
async function startSilent(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).resume();
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  closing.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

test.each([['small', 16, Buffer.from('small')], ['large', 2, large]] as const)(
  '%s uploads to a store that is silent make place after one request of each was given up', async (_what, places, bytes) => {
    ferry = await startFaultyEngine({ limits: { ...usualLimits, parallelUploads: 2 }, patience: { outageToldMs: 100, stallMs: 2000, maxDelayMs: 20 } });
    const gone: Account = { ...ferry.account, id: 'gone', cosDomain: await startSilent() };
    await mkdir(path.join(folder, 'gone'));
    for (let index = 0; index < places; index++) await writeFile(path.join(folder, 'gone', `${index}.bin`), bytes);
    await ferry.drop([path.join(folder, 'gone')], {}, gone);
    await ferry.until(({ uploads }) => uploads.filter(({ phase }) => phase === 'uploading').length === places);
    const file = path.join(folder, 'well.bin');
    await writeFile(file, large);
    await ferry.drop([file]);
    await ferry.until(({ uploads }) => uploads.at(-1)?.phase === 'done');
    const all = await ferry.until(({ uploads }) => uploads.filter(({ notice }) => notice?.code === 'no-answer').length === places);
    expect(all).toHaveLength(places + 1);
    for (const { history } of [...ferry.engine.list.all()].slice(0, places)) expect(history.filter(({ what }) => what === 'retry')).toHaveLength(1);
  }, 20_000);

test('a slow line on which a connection breaks now and then is not told to give no answer', async () => {
  const live: { readonly socket: Socket; bytes: number }[] = [];
  ferry = await startFaultyEngine({
    limits: { ...usualLimits, bytesPerSecond: mebibyte / 2 },
    patience: { outageToldMs: 1000, stallMs: 3000, maxDelayMs: 20 },
    via: async (sandbox) => {
      const server = createServer((socket) => {
        const onward = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
        const connection = { socket, bytes: 0 };
        live.push(connection);
        socket.on('data', (data: Buffer) => { connection.bytes += data.length; });
        for (const [from, into] of [[socket, onward], [onward, socket]] as const) from.on('error', () => { into.destroy(); }).on('close', () => { into.destroy(); }).pipe(into);
      });
      await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
      closing.push(() => { server.close(); });
      return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    },
  });
  const file = path.join(folder, 'build.bin');
  await writeFile(file, randomBytes(4 * mebibyte));
  ferry.faults.next('InitiateMultipartUpload', reset);
  await ferry.drop([file]);
  await ferry.until(() => live.filter(({ bytes }) => bytes > 150_000).length > 2);
  const before = live.length;
  live.reduce((a, b) => a.bytes > b.bytes ? a : b).socket.resetAndDestroy();
  await ferry.until(() => live.slice(before).some(({ bytes }) => bytes > 250_000));
  live.slice(before).find(({ bytes }) => bytes > 250_000)?.socket.resetAndDestroy();
  const told = new Set<string | undefined>();
  await ferry.until(({ uploads }) => {
    told.add(uploads[0]?.notice?.code);
    return uploads[0]?.phase === 'done';
  });
  expect([...told]).toEqual([undefined]);
}, 40_000);

test('one upload at a time waits out an outage, until it is paused', async () => {
  ferry = await startFaultyEngine({ limits: { ...usualLimits, parallelUploads: 1 }, patience: { outageToldMs: 50, maxDelayMs: 20 } });
  const way = await startWay(ferry.account.cosDomain!);
  const files = ['gone.bin', 'well.bin'].map((name) => path.join(folder, name));
  for (const file of files) await writeFile(file, large);
  await ferry.drop([files[0]!], {}, { ...ferry.account, id: 'gone', cosDomain: way.url });
  await ferry.drop([files[1]!]);
  await ferry.until(() => ferry.engine.connectivity.offline);
  await new Promise((resolve) => { setTimeout(resolve, 300); });
  expect(ferry.uploads().map(({ phase }) => phase)).toEqual(['uploading', 'waiting']);
  const [first] = ferry.engine.list.all();
  ferry.engine.queue.pause(first!);
  await ferry.until(({ uploads }) => uploads[1]?.phase === 'done');
  expect(first!.state.phase).toBe('paused');
});
