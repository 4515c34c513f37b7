import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Line } from '../../main/transfer/line.ts';
import { PartBuffers } from '../../main/transfer/part-buffers.ts';
import { sendContent } from '../../main/transfer/send-content.ts';
import type { SendContent } from '../../main/transfer/sending.ts';
import { lineOf } from '../support/memory-line.ts';
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
  line = lineOf({ most: 32, buffers: new PartBuffers({ mostBytes: bufferBytes }) });
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
    onAborted: () => undefined, onRetry: () => undefined, onLate: () => undefined, onMaybeStored: () => undefined,
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
