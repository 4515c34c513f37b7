import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Broker } from '../../main/credentials/broker.ts';
import type { TemporaryCredential } from '../../main/credentials/temporary-credential.ts';
import type { Line } from '../../main/transfer/line.ts';
import { PartBuffers } from '../../main/transfer/part-buffers.ts';
import { sendContent } from '../../main/transfer/send-content.ts';
import type { SendContent } from '../../main/transfer/sending.ts';
import { RenewingStore } from '../../main/uploads/renewing-store.ts';
import { hangPatience, lineOf, shortPatience } from '../support/memory-line.ts';
import { startSlowLine, startTinyCos, storeAt, type TinyCos } from '../support/tiny-cos.ts';

const kibibyte = 1024;
const partBytes = 64 * kibibyte;
const bufferBytes = 32 * partBytes;

const refusals: Readonly<Record<string, (req: IncomingMessage, res: ServerResponse) => void>> = {
  'that asks to slow down': (req, res) => { req.resume().once('end', () => { res.writeHead(503).end('<Error><Code>SlowDown</Code></Error>'); }); },
  'that never answers': (req) => { req.resume(); },
  'that resets every connection': (req) => { req.socket.resetAndDestroy(); },
};

let folder: string;
let stop: AbortController;
let line: Line;
const closing: { close(): void }[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ferry-shared-line-'));
  stop = new AbortController();
  setMaxListeners(0, stop.signal);
  line = lineOf({ most: 32, buffers: new PartBuffers({ mostBytes: bufferBytes }), patience: { ...shortPatience, ...hangPatience } });
});

afterEach(async () => {
  stop.abort(new Error('The test is over.'));
  for (const each of closing.splice(0)) each.close();
  await line.crew.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startCos(...refuse: Parameters<typeof startTinyCos>): Promise<TinyCos> {
  const cos = await startTinyCos(...refuse);
  closing.push(cos);
  return cos;
}

function send(host: string, key: string, source: SendContent['source'], change: Partial<SendContent> = {}): ReturnType<typeof sendContent> {
  return sendContent({
    store: storeAt(host, line), key, source, partBytes, line,
    signal: stop.signal,
    resume: null,
    onResumeGivenUp: async () => undefined, onStarted: async () => undefined, onPartStored: () => undefined,
    onAborted: () => undefined, onOrphaned: async () => undefined, onRetry: () => undefined, onLate: () => undefined, onMaybeStored: () => undefined,
    abortsAfter: () => false, onProgress: () => undefined, onAllSent: () => undefined, onAbortFailed: () => undefined,
    ...change,
  });
}

function large(bytes: number): SendContent['source'] {
  const data = randomBytes(partBytes);
  return {
    async* chunks() {
      for (let made = 0; made < bytes; made += partBytes) yield { data, sourceBytes: data.length };
    },
  };
}

function small(name: string, bytes: number): SendContent['source'] {
  const file = path.join(folder, name);
  writeFileSync(file, randomBytes(bytes));
  return { smallFile: { path: file, name } };
}

test.each(Object.entries(refusals))('a store %s takes neither the places nor the memory of another', async (_what, refuse) => {
  const dead = await startCos(refuse);
  const well = await startCos();
  for (let number = 0; number < 6; number++) void send(dead.host, `dead-${number}`, large(Infinity)).catch(() => undefined);
  await expect.poll(() => dead.puts(), { timeout: 5_000 }).toBeGreaterThan(10);
  const bytes = 4 * bufferBytes;
  expect(await send(well.host, 'well', large(bytes))).toMatchObject({ size: bytes });
}, 20_000);

test.each(Object.entries(refusals))('a store %s leaves the places for small files to another', async (_what, refuse) => {
  const dead = await startCos(refuse);
  const well = await startCos();
  const file = small('file', 1000);
  for (let number = 0; number < 100; number++) void send(dead.host, `dead-${number}`, file).catch(() => undefined);
  await expect.poll(() => dead.puts(), { timeout: 5_000 }).toBeGreaterThan(10);
  await Promise.all(Array.from({ length: 50 }, (_, number) => send(well.host, `well-${number}`, file)));
  expect(well.puts()).toBe(50);
}, 20_000);

describe('an upload that waits for a new credential leaves places and memory', () => {
  let nowMs: number;

  /** Its credential ends when `nowMs` says so, and no other is ever given out. */
  function unrenewed(host: string): RenewingStore {
    const first: TemporaryCredential = {
      service: 'ms', bucket: 'tiny-1250000000', region: 'ap-guangzhou', scope: { kind: 'prefix', value: 'a' },
      tmpSecretId: 'id', tmpSecretKey: 'key', token: 'token', startsAtMs: 0, expiresAtMs: 1000, requestId: 'request',
    };
    const broker = new Broker({ now: () => nowMs, fetch: () => new Promise(() => undefined) });
    return new RenewingStore({
      first, broker, key: 'a/key', watches: false, now: () => nowMs,
      storeFor: () => storeAt(host, line), onAnswered: () => undefined, onRenewed: () => undefined, onDead: () => undefined,
    });
  }

  beforeEach(() => {
    nowMs = 0;
    // Fewer than the parts that a store's share of the memory holds.
    line.slots.most = 8;
  });

  async function fillsAndEnds(cos: TinyCos): Promise<void> {
    for (let number = 0; number < 6; number++) void send(cos.host, `waits-${number}`, large(Infinity), { store: unrenewed(cos.host) }).catch(() => undefined);
    await expect.poll(() => cos.puts(), { timeout: 5_000 }).toBeGreaterThan(5);
    nowMs = 2000;
  }

  const bytes = 4 * bufferBytes;

  test('to another store where it has ended', async () => {
    await fillsAndEnds(await startCos());
    const well = await startCos();
    expect(await send(well.host, 'well', large(bytes))).toMatchObject({ size: bytes });
  }, 20_000);

  test('to another of the same store', async () => {
    const cos = await startCos();
    const sent = send(cos.host, 'well', large(bytes));
    await fillsAndEnds(cos);
    expect((await sent).sentBytes).toBe(bytes);
  }, 20_000);

  test('to another store where COS calls it dead', async () => {
    await fillsAndEnds(await startCos((req, res) => { req.resume().once('end', () => { res.writeHead(403).end('<Error><Code>ExpiredToken</Code></Error>'); }); }));
    const well = await startCos();
    expect(await send(well.host, 'well', large(bytes))).toMatchObject({ size: bytes });
  }, 20_000);

  test('also where all of it is small files', async () => {
    const file = small('file', 1000);
    const cos = await startCos();
    nowMs = 2000;
    for (let number = 0; number < 100; number++) void send(cos.host, `waits-${number}`, file, { store: unrenewed(cos.host) }).catch(() => undefined);
    await Promise.all(Array.from({ length: 50 }, (_, number) => send(cos.host, `well-${number}`, file)));
    expect(cos.puts()).toBe(50);
  }, 20_000);
});

// What stalls after 0.4 s here does so after 30 s in life: this line is one of 256 kbit/s.
const slowBytesPerSecond = 2.4e6;

test.each([60, 256])('small files of %d KiB arrive over a line that cannot carry many of them within the patience for one', async (kibibytes) => {
  const cos = await startCos();
  const slow = await startSlowLine(cos.host, slowBytesPerSecond);
  closing.push(slow);
  const file = small('file', kibibytes * kibibyte);
  const many = Math.ceil(6_000 / kibibytes);
  await Promise.all(Array.from({ length: many }, (_, number) => send(slow.host, `file-${number}`, file)));
  expect(cos.puts()).toBeGreaterThanOrEqual(many);
}, 60_000);

test('a body is waited for while the system still sends what it has taken of it', async () => {
  const cos = await startCos();
  // Of the last of it the system has taken more than goes over the line within the patience.
  const slow = await startSlowLine(cos.host, 5 * slowBytesPerSecond);
  closing.push(slow);
  const bytes = 640 * partBytes;
  expect(await send(slow.host, 'large', large(bytes), { partBytes: bytes })).toMatchObject({ size: bytes });
  expect(cos.puts()).toBe(1);
}, 20_000);
