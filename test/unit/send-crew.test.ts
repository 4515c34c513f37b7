import { createHash, randomBytes } from 'node:crypto';
import { once, setMaxListeners } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Connections } from '../../main/connections.ts';
import { identityOf } from '../../main/package/file-identity.ts';
import type { SourceFile } from '../../main/package/source-file.ts';
import { lanes } from '../../main/transfer/md5-code.ts';
import { PartBuffers } from '../../main/transfer/part-buffers.ts';
import { SendCrew } from '../../main/transfer/send-crew.ts';
import { SendThread, ThreadDied } from '../../main/transfer/send-thread.ts';
import { Stalled } from '../../main/transfer/send-body.ts';
import { Throttle } from '../../main/transfer/throttle.ts';

const mebibyte = 1024 * 1024;
const { signal } = new AbortController();
setMaxListeners(0, signal);
let crew: SendCrew;
let buffers: PartBuffers;
let throttle: Throttle;
let directory: string;
let server: Server | null = null;

beforeEach(() => {
  throttle = new Throttle();
  crew = new SendCrew({ connections: new Connections(), throttle, most: 2 });
  buffers = new PartBuffers({ mostBytes: 8 * mebibyte });
  directory = mkdtempSync(path.join(tmpdir(), 'ferry-crew-'));
});

afterEach(async () => {
  await crew.close();
  server?.closeAllConnections();
  server?.close();
  server = null;
  rmSync(directory, { recursive: true, force: true });
});

function planted(data: Buffer): SourceFile {
  const file = path.join(directory, 'build.bin');
  writeFileSync(file, data);
  return { path: file, name: 'build.bin', identity: identityOf(statSync(file)) };
}

async function filled(data: Buffer) {
  const buffer = await buffers.take(data.length, 'store', signal);
  new Uint8Array(buffer.memory).set(data);
  return buffer;
}

async function listen(serve: (req: IncomingMessage, res: ServerResponse) => void): Promise<string> {
  server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A crew whose threads can be ended from outside. */
function mortalCrew(most = 2): { threads: SendThread[]; mortal: SendCrew } {
  const threads: SendThread[] = [];
  const begin = (onEnd: () => void): SendThread => {
    const thread = new SendThread({ throttle: throttle.memory }, onEnd);
    threads.push(thread);
    return thread;
  };
  return { threads, mortal: new SendCrew({ connections: new Connections(), throttle, most, begin }) };
}

function headTo(host: string, bytes: number) {
  return { method: 'PUT', protocol: 'http:', host, path: '/part', headers: { 'Content-Length': String(bytes) } } as const;
}

describe('a part of a file', () => {
  test.each([[0, 1000], [500, 300], [0, 3 * mebibyte + 5], [mebibyte + 1, mebibyte]])('from %d, %d bytes long, is read and hashed where it lies', async (position, bytes) => {
    const data = randomBytes(position + bytes + 10);
    const file = planted(data);
    const buffer = await buffers.take(bytes, 'store', signal);
    const hashes = await crew.read(file, position, buffer, bytes, signal);
    const expected = data.subarray(position, position + bytes);
    expect(Buffer.from(buffer.memory, 0, bytes).equals(expected)).toBe(true);
    expect(hashes.md5).toBe(createHash('md5').update(expected).digest('base64'));
  });

  test.each([1000, mebibyte])('of a file of %d bytes that has changed is refused in words', async (bytes) => {
    const file = planted(randomBytes(bytes));
    appendFileSync(file.path, 'more');
    await expect(crew.read(file, 0, await buffers.take(bytes, 'store', signal), bytes, signal)).rejects.toMatchObject({ problem: { code: 'source-changed', params: { name: 'build.bin' } } });
  });

  test.each([1000, mebibyte])('of a file of %d bytes that is gone is refused in words', async (bytes) => {
    const file = planted(randomBytes(bytes));
    rmSync(file.path);
    await expect(crew.read(file, 0, await buffers.take(bytes, 'store', signal), bytes, signal)).rejects.toMatchObject({ problem: { code: 'source-vanished' } });
  });
});

test('one thread has what it can hash together before another gets any', async () => {
  const { threads, mortal } = mortalCrew();
  const file = planted(randomBytes(1000));
  const reads: Promise<unknown>[] = [];
  const { signal: shared } = new AbortController();
  setMaxListeners(0, shared);
  const begin = async (): Promise<void> => void reads.push(mortal.read(file, 0, await buffers.take(1000, 'store', shared), 1000, shared));
  try {
    for (let count = 0; count < 2 * lanes; count++) await begin();
    expect(threads.map((thread) => thread.hashing)).toEqual([2 * lanes]);
    await begin();
    expect(threads.map((thread) => thread.hashing)).toEqual([2 * lanes, 1]);
    await Promise.all(reads);
    expect(threads.map((thread) => thread.hashing)).toEqual([0, 0]);
  } finally {
    await mortal.close();
  }
});

test.each([[2, 1, 2], [3, 3, 3]])('of %d threads %d hash and send some parts, and %d send many', async (most, some, many) => {
  const { threads, mortal } = mortalCrew(most);
  const host = await listen((req, res) => { req.resume().once('end', () => setTimeout(() => res.end(), 100)); });
  const buffer = await filled(randomBytes(1000));
  const { signal: shared } = new AbortController();
  setMaxListeners(0, shared);
  const send = (): Promise<unknown> => mortal.send(buffer, 1000, { head: headTo(host, 1000), stallMs: 5_000, signal: shared });
  try {
    await Promise.all([mortal.hash(buffer, 1000, shared), ...Array.from({ length: 30 }, send)]);
    expect(threads).toHaveLength(some);
    await Promise.all(Array.from({ length: 60 }, send));
    expect(threads).toHaveLength(many);
  } finally {
    await mortal.close();
  }
});

test('those who send share what is made in advance', () => {
  const alone = crew.ahead;
  const leave = crew.join();
  expect(crew.ahead).toBe(alone);
  const leaves = [crew.join(), crew.join()];
  expect(crew.ahead).toBe(alone / 3);
  leaves.push(...Array.from({ length: 50 }, () => crew.join()));
  expect(crew.ahead).toBe(2);
  for (const each of [leave, ...leaves]) each();
  expect(crew.ahead).toBe(alone);
});

test('a body arrives whole, is told of, and can be sent again from the same memory', async () => {
  const data = randomBytes(3 * mebibyte + 7);
  const got: string[] = [];
  const host = await listen((req, res) => {
    const md5 = createHash('md5');
    req.on('data', (chunk: Buffer) => md5.update(chunk));
    req.on('end', () => {
      got.push(md5.digest('hex'));
      res.setHeader('ETag', 'x');
      res.end('hello');
    });
  });
  const buffer = await filled(data);
  for (const _ of [1, 2]) {
    const sent: number[] = [];
    const reply = await crew.send(buffer, data.length, { head: headTo(host, data.length), stallMs: 5_000, signal, onSent: (bytes) => sent.push(bytes) });
    expect(reply).toMatchObject({ status: 200, headers: { etag: 'x' }, text: 'hello' });
    expect(sent.at(-1)).toBe(data.length);
  }
  const md5 = createHash('md5').update(data).digest('hex');
  expect(got).toEqual([md5, md5]);
});

test('a small file is put with its length and its MD5, and what it was is told', async () => {
  const data = randomBytes(20_000);
  const { path: file, name } = planted(data);
  const got: unknown[] = [];
  const host = await listen((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      got.push(req.headers['content-length'], req.headers['content-md5'], Buffer.concat(chunks).equals(data));
      res.end();
    });
  });
  const { read } = await crew.put({ path: file, name }, { head: { ...headTo(host, 0), headers: {} }, stallMs: 5_000, signal });
  expect(got).toEqual(['20000', createHash('md5').update(data).digest('base64'), true]);
  const buffer = await filled(data);
  expect(read).toMatchObject({ bytes: data.length, crc64: (await crew.hash(buffer, data.length, signal)).crc64 });
});

test('a question carries a document, or nothing, and is not asked again by itself when its thread has died', async () => {
  const got: string[] = [];
  const host = await listen((req, res) => {
    let text = '';
    req.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    req.on('end', () => {
      got.push(`${req.method} ${text}`);
      if (text !== 'silence') res.end('yes');
    });
  });
  const head = (method: 'HEAD' | 'POST') => ({ method, protocol: 'http:', host, path: '/', headers: {} } as const);
  expect(await crew.ask('<a/>', { head: head('POST'), stallMs: 5_000, signal })).toMatchObject({ status: 200, text: 'yes' });
  expect(await crew.ask('', { head: head('HEAD'), stallMs: 5_000, signal })).toMatchObject({ status: 200, text: '' });
  const { threads, mortal } = mortalCrew();
  const asking = mortal.ask('silence', { head: head('POST'), stallMs: 5_000, signal });
  await expect.poll(() => got.length).toBe(3);
  await threads[0]!.end();
  await expect(asking).rejects.toBeInstanceOf(ThreadDied);
  await mortal.close();
  expect(got).toEqual(['POST <a/>', 'HEAD ', 'POST silence']);
});

test('a request on which nothing moves is given up', async () => {
  const host = await listen(() => undefined);
  await expect(crew.send(await filled(randomBytes(10)), 10, { head: headTo(host, 10), stallMs: 100, signal })).rejects.toBeInstanceOf(Stalled);
});

test('a request that is abandoned is closed, and its memory is not for others before that', async () => {
  let closed = 0;
  const host = await listen((req) => {
    req.resume();
    req.socket.on('close', () => { closed += 1; });
  });
  const abort = new AbortController();
  const buffer = await filled(randomBytes(6 * mebibyte));
  const sending = crew.send(buffer, 6 * mebibyte, { head: headTo(host, 6 * mebibyte), stallMs: 60_000, signal: abort.signal });
  await once(server!, 'request');
  abort.abort(new Error('enough'));
  buffer.release();
  await buffers.take(6 * mebibyte, 'store', signal);
  let isFree = false;
  const next = buffers.take(6 * mebibyte, 'store', signal).then(() => { isFree = true; });
  await expect(sending).rejects.toThrow('enough');
  expect(isFree).toBe(false);
  await next;
  await expect.poll(() => closed).toBe(1);
});

test('what a thread was at when it died is done by another', async () => {
  const data = randomBytes(1000);
  let requests = 0;
  const host = await listen((req, res) => {
    requests += 1;
    req.resume();
    if (requests > 1) res.end('there');
  });
  const { threads, mortal } = mortalCrew();
  const buffer = await filled(data);
  const sending = mortal.send(buffer, data.length, { head: headTo(host, data.length), stallMs: 5_000, signal });
  await once(server!, 'request');
  await threads[0]!.end();
  expect(await sending).toMatchObject({ text: 'there' });
  expect(threads).toHaveLength(2);
  await mortal.close();
});

test('a proxy that is named for the host is what the body goes through', async () => {
  const asked: (string | undefined)[] = [];
  const host = await listen((req, res) => {
    asked.push(req.url);
    req.resume();
    res.end();
  });
  const through = new SendCrew({ connections: new Connections(async () => `http://${host}`), throttle, most: 1 });
  await through.send(await filled(Buffer.from('x')), 1, { head: headTo('cos.example.com', 1), stallMs: 5_000, signal });
  await through.close();
  expect(asked).toEqual(['http://cos.example.com/part']);
});

test('what is given up at once is not asked through a proxy either', async () => {
  const asked: (string | undefined)[] = [];
  const host = await listen((req, res) => { asked.push(req.url); res.end(); });
  const thread = new SendThread({ throttle: throttle.memory }, () => undefined);
  const abort = new AbortController();
  const ask = (to: string, until: AbortSignal) => thread.do({ kind: 'ask', head: headTo(to, 0), document: '', proxy: `http://${host}`, stallMs: 5_000 }, until, () => undefined);
  const given = ask('up.example.com', abort.signal);
  abort.abort(new Error('enough'));
  await expect(given).rejects.toThrow('enough');
  await ask('cos.example.com', signal);
  await thread.end();
  expect(asked).toEqual(['http://cos.example.com/part']);
});

test('one limit holds for all threads together', async () => {
  const bytes = mebibyte;
  throttle.limit = 4 * mebibyte;
  const host = await listen((req, res) => {
    req.resume();
    req.on('end', () => { res.end(); });
  });
  const startedAt = performance.now();
  await Promise.all([1, 2, 3, 4].map(async () => crew.send(await filled(randomBytes(bytes)), bytes, { head: headTo(host, bytes), stallMs: 5_000, signal })));
  // 4 MiB at 4 MiB a second, but for the burst of a tenth of a second.
  expect(performance.now() - startedAt).toBeGreaterThan(850);
});
