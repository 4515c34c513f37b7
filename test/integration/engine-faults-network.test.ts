import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ApiClient } from '../../main/credentials/api-client.ts';
import { fetchMobileSecurityCredential } from '../../main/credentials/mobile-security.ts';
import { Pace } from '../../main/credentials/pace.ts';
import { objectKey } from '../../main/credentials/temporary-credential.ts';
import { Clock } from '../../main/clock.ts';
import { Connections } from '../../main/connections.ts';
import { CosStore } from '../../main/transfer/cos-store.ts';
import type { Line } from '../../main/transfer/line.ts';
import { sendContent } from '../../main/transfer/send-content.ts';
import { publicDomains, type StoreDomain } from '../../main/transfer/store-domain.ts';
import { sandboxDraft, startEngine } from '../support/engine.ts';
import { halfBody, hang, slow, slowDown } from '../support/faults.ts';
import { mebibyte, startFaultyEngine, type FaultyEngine, type FaultyEngineOptions } from '../support/faulty-engine.ts';
import { openGate, type Gate } from '../support/gate.ts';
import { hangPatience, lineOf, shortPatience } from '../support/memory-line.ts';
import { startTinyProxy, type TinyProxy } from '../support/tiny-proxy.ts';

let ferry: FaultyEngine;
let folder: string;
const closers: (() => Promise<void>)[] = [];
const large = randomBytes(6 * mebibyte);

beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'ferry-network-source-')); });

afterEach(async () => {
  await ferry.close();
  for (const close of closers.splice(0)) await close();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: FaultyEngineOptions = {}): Promise<void> {
  ferry = await startFaultyEngine(options);
}

async function drop(bytes = large): Promise<void> {
  const file = path.join(folder, 'build.bin');
  await writeFile(file, bytes);
  await ferry.drop([file]);
}

async function arrives(bytes = large): Promise<void> {
  const [upload] = await ferry.finished();
  expect(upload?.problem).toBeNull();
  expect((await ferry.stored(upload)).equals(bytes)).toBe(true);
}

async function storeOn(line: Line, domains?: readonly StoreDomain[]): Promise<{ readonly store: CosStore; readonly key: string }> {
  const { sandbox } = ferry;
  const api = new ApiClient({
    endpointFor: () => sandbox.url, key: async () => sandbox.accounts[0]!, pace: new Pace(),
    clock: line.clock, connectivity: line.connectivity, connections: line.connections, patience: line.patience,
  });
  const credential = await fetchMobileSecurityCredential(api, { cosRegion: '', durationSeconds: null }, line.clock.now);
  const store = new CosStore({ ...credential, line, domains: domains ?? [{ domain: new URL(sandbox.url).host, protocol: 'http:' }] });
  return { store, key: objectKey(credential.scope, 'build.bin') };
}

/** Sends through a store of its own, to see what becomes of the line. */
async function sendOn(line: Line, bytes: Buffer, domains?: readonly StoreDomain[]): Promise<void> {
  await sendContent({
    ...await storeOn(line, domains), line, partBytes: mebibyte,
    source: { async* chunks() { yield { data: bytes, sourceBytes: bytes.length }; } },
    signal: new AbortController().signal, resume: null, abortsAfter: () => false,
    onProgress: () => undefined, onAllSent: () => undefined, onStarted: async () => undefined, onPartStored: () => undefined,
    onAborted: () => undefined, onOrphaned: async () => undefined, onResumeGivenUp: async () => undefined, onAbortFailed: () => undefined, onRetry: () => undefined, onLate: () => undefined, onMaybeStored: () => undefined,
  });
}

describe('how much is in flight', () => {
  test.each([['SlowDown', slowDown], ['timeouts', hang]])('shrinks under %s and grows back', async (_what, fault) => {
    await start();
    const line = lineOf({ most: 8, patience: { ...shortPatience, ...hangPatience } });
    let fewest = 8;
    ferry.faults.next('UploadPart', fault, 3);
    ferry.faults.next('UploadPart', () => {
      fewest = Math.min(fewest, line.slots.limit);
      return false;
    }, 1000);
    await sendOn(line, large);
    expect(fewest).toBe(4);
    await sendOn(line, randomBytes(30 * mebibyte));
    expect(line.slots.limit).toBe(8);
  });
});

describe('offline', () => {
  let gate: Gate;
  const viaGate: FaultyEngineOptions = {
    async via(sandbox) {
      gate = await openGate(sandbox.url);
      closers.push(() => gate.close().catch(() => undefined));
      return gate.url;
    },
  };

  test('is told to the window, and that it is over', async () => {
    await start(viaGate);
    const app = await startEngine({ apiEndpoint: gate.url, cosDomain: gate.url });
    closers.push(() => app.close());
    await app.ferry.addAccount({ ...sandboxDraft(ferry.sandbox), apiEndpoint: null, cosDomain: null });
    await gate.close();
    const file = path.join(folder, 'build.bin');
    await writeFile(file, 'build');
    await app.drop([file], { service: 'ms' });
    await app.until(() => app.ferry.appState().offline);
    expect(app.ferry.uploads().uploads[0]).toMatchObject({ phase: 'preparing', problem: null });
    await gate.open();
    app.ferry.networkIsBack();
    expect(await app.finished()).toMatchObject([{ phase: 'done' }]);
    expect(app.ferry.appState().offline).toBe(false);
  });

  test('before anything is answered, an upload waits, is said to, and goes on by itself', async () => {
    await start(viaGate);
    await gate.close();
    await drop();
    await ferry.until(() => ferry.engine.connectivity.offline);
    expect(ferry.uploads()[0]).toMatchObject({ phase: 'preparing', problem: null });
    await gate.open();
    await arrives();
    expect(ferry.engine.connectivity.offline).toBe(false);
  });

  test('in the middle, it waits, and goes on where it was', async () => {
    await start({ ...viaGate, limits: { parallelUploads: 1, partsInFlight: 2, bytesPerSecond: 4 * mebibyte } });
    await drop();
    await ferry.until(() => ferry.count('UploadPart', 200) >= 2);
    await gate.close();
    await ferry.until(() => ferry.engine.connectivity.offline);
    expect(ferry.uploads()[0]?.phase).toBe('uploading');
    const before = ferry.count('UploadPart', 200);
    await gate.open();
    await arrives();
    expect(ferry.count('InitiateMultipartUpload')).toBe(1);
    // What was in flight, of which the sandbox may have had all; nothing else is sent again.
    expect(ferry.count('UploadPart', 200)).toBeLessThanOrEqual(6 + 2);
    expect(before).toBeGreaterThanOrEqual(2);
  });

  test('it goes on at once when the system says that the link is back', async () => {
    // By itself it would wait for hours.
    await start({ ...viaGate, patience: { baseDelayMs: 36e5, maxDelayMs: 36e5 } });
    await drop(large.subarray(0, 100));
    await ferry.finished();
    await gate.close();
    await writeFile(path.join(folder, 'second.bin'), 'second');
    await ferry.drop([path.join(folder, 'second.bin')]);
    const second = [...ferry.engine.list.all()].find(({ plan }) => plan.name === 'second.bin')!;
    await ferry.until(() => second.history.some(({ what }) => what === 'retry'));
    await gate.open();
    // The wait begins right after it is recorded.
    await new Promise((resolve) => { setTimeout(resolve, 50); });
    ferry.engine.connectivity.wake();
    await ferry.until(() => second.state.phase === 'done');
  });

  test('it can be cancelled and quit while it waits', async () => {
    await start(viaGate);
    await gate.close();
    await drop();
    await ferry.until(() => ferry.engine.connectivity.offline);
    const [upload] = [...ferry.engine.list.all()];
    ferry.engine.queue.cancel(upload!);
    await ferry.until(() => upload!.state.phase === 'cancelled');
  });

  test('a person who waits for an answer is not kept waiting', async () => {
    await start(viaGate);
    await gate.close();
    const destination = { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null } as const;
    await expect(ferry.engine.credentials.refresh(ferry.account, destination)).rejects.toMatchObject({ problem: { code: 'network-unreachable' } });
  });

  test('an upload does not fail with a person\'s own fetch', async () => {
    await start(viaGate);
    await gate.close();
    const refreshed = ferry.engine.credentials.refresh(ferry.account, { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
    await drop();
    await expect(refreshed).rejects.toThrow();
    await gate.open();
    await arrives();
  });
});

describe('a clock', () => {
  test.each([-9, 9])('that is %i hours wrong still uploads', async (hours) => {
    await start({ localClock: () => Date.now() + hours * 36e5 });
    await drop();
    await arrives();
    expect(ferry.count('CreateCosSecKeyInstance')).toBe(2);
    expect(ferry.sandbox.requests().filter(({ code }) => code === 'AuthFailure.SignatureExpire')).toHaveLength(1);
  });

  test.each([-9, 9])('that is %i hours wrong is learned once by many calls at once', async (hours) => {
    await start();
    const line = lineOf();
    const { sandbox } = ferry;
    const api = new ApiClient({
      endpointFor: () => sandbox.url, key: async () => sandbox.accounts[0]!, pace: new Pace(),
      clock: new Clock(() => Date.now() + hours * 36e5),
      connectivity: line.connectivity, connections: line.connections, patience: { ...line.patience, answerMs: 5_000 },
    });
    ferry.faults.next('CreateCosSecKeyInstance', slow(300), 4);
    const call = { product: 'ms', action: 'CreateCosSecKeyInstance', version: '2018-04-08', payload: {} };
    await Promise.all([api.call(call), api.call(call), api.call(call), api.call(call)]);
    expect(ferry.count('CreateCosSecKeyInstance')).toBe(8);
  });

  test.each([-2, 2])('that the server sets %i hours while parts are in flight costs no key', async (hours) => {
    let offsetMs = 0;
    await start({
      sandbox: { now: () => Date.now() + offsetMs, credentialLifeSeconds: 86_400 },
      limits: { parallelUploads: 1, partsInFlight: 6, bytesPerSecond: 6 * mebibyte },
    });
    await drop();
    await ferry.until(() => ferry.count('UploadPart', 200) >= 1 || ferry.uploads()[0]!.bytesSent > 3e5);
    offsetMs = hours * 36e5;
    await arrives();
    expect(ferry.count('CreateCosSecKeyInstance')).toBe(1);
    expect(ferry.sandbox.requests().some(({ code }) => code === 'RequestTimeTooSkewed' || code === 'AccessDenied')).toBe(true);
  });
});

test('60 calls at once are never too many in any second', async () => {
  await start();
  const { clock, connectivity, connections, patience } = lineOf();
  const pace = new Pace();
  const api = new ApiClient({ endpointFor: () => ferry.sandbox.url, key: async () => ferry.sandbox.accounts[0]!, pace, clock, connectivity, connections, patience });
  await Promise.all(Array.from({ length: 60 }, () => api.call({ product: 'ms', action: 'CreateCosSecKeyInstance', version: '2018-04-08', payload: {} })));
  expect(ferry.sandbox.requests().map(({ code }) => code).filter(Boolean)).toEqual([]);
  expect(ferry.count('CreateCosSecKeyInstance')).toBe(60);
});

describe('a proxy that the system names', () => {
  let proxy: TinyProxy;

  test('is asked for every request, and told who asks', async () => {
    proxy = await startTinyProxy();
    closers.push(() => proxy.close());
    await start({ proxyFor: async () => proxy.url.replace('http://', 'http://me:p%40ss@') });
    await drop();
    await arrives();
    expect(proxy.asked).toHaveLength(ferry.sandbox.requests().length);
    expect(new Set(proxy.asked.map((line) => line.split(' ')[1]))).toEqual(new Set([ferry.sandbox.url]));
    expect(new Set(proxy.authorizations)).toEqual(new Set([`Basic ${Buffer.from('me:p@ss').toString('base64')}`]));
  });

  test('opens tunnels to both public domains of COS, the backup after the first gave no answer', async () => {
    proxy = await startTinyProxy();
    closers.push(() => proxy.close());
    await start();
    const line = lineOf({ connections: new Connections(async () => proxy.url) });
    const store = new CosStore({ bucket: 'build-1250000000', region: 'ap-guangzhou', tmpSecretId: 'i', tmpSecretKey: 'k', token: 't', line, domains: publicDomains });
    for (let tries = 0; tries < 3; tries++) {
      await expect(store.headObject('k', new AbortController().signal)).rejects.toMatchObject({ problem: { code: 'network-unreachable' } });
    }
    expect(proxy.asked).toEqual([
      'CONNECT build-1250000000.cos.ap-guangzhou.myqcloud.com:443',
      'CONNECT build-1250000000.cos.ap-guangzhou.tencentcos.cn:443',
      'CONNECT build-1250000000.cos.ap-guangzhou.myqcloud.com:443',
    ]);
  });
});

test('the backup domain brings an object home where the first gives no answer', async () => {
  await start();
  const sandboxHost = new URL(ferry.sandbox.url).host;
  const dead = await openGate(ferry.sandbox.url);
  await dead.close();
  await sendOn(lineOf(), large, [{ domain: new URL(dead.url).host, protocol: 'http:' }, { domain: sandboxHost, protocol: 'http:' }]);
  expect(await ferry.sandbox.listObjects()).toHaveLength(1);
});

test('a list of parts that is cut short is not taken for a list of none', async () => {
  await start();
  const { store, key } = await storeOn(lineOf());
  const { signal } = new AbortController();
  const uploadId = await store.startMultipart(key, signal);
  ferry.faults.next('ListParts', halfBody);
  await expect(store.listParts(key, uploadId, signal)).rejects.toMatchObject({ kind: 'transient' });
  expect(await store.listParts(key, uploadId, signal)).toEqual([]);
});

test('somebody who cannot prove to be COS is not asked again', async () => {
  await start();
  const host = new URL(ferry.sandbox.url).host;
  const line = lineOf();
  await expect(sendOn(line, large, [{ domain: host, protocol: 'https:' }]))
    .rejects.toMatchObject({ kind: 'permanent', problem: { code: 'store-not-trusted', params: { host } } });
  expect(line.connectivity.offline).toBe(false);
});
