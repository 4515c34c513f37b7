import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Connections, type HttpRequest } from '../../main/connections.ts';
import { mebibyte, startFaultyEngine } from '../support/faulty-engine.ts';
import { startTinySocks, type TinySocks } from '../support/tiny-socks.ts';

let folder: string;
let socks: TinySocks;
let truePort: number;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-socks-'));
  socks = await startTinySocks((place) => (place.includes('cloud.test:') ? { port: truePort } : null));
});

afterEach(async () => {
  await socks.close();
  await rm(folder, { recursive: true, force: true });
});

const proxyFor = async (): Promise<string> => `socks5h://me:p%40ss@127.0.0.1:${socks.port}`;
const request = (change: Partial<HttpRequest>): HttpRequest => (
  { method: 'GET', protocol: 'https:', host: 'cloud.test', path: '/', headers: {}, body: null, signal: AbortSignal.timeout(10_000), ...change });

test('through a SOCKS5 proxy the API and COS are reached by names that only the proxy knows', async () => {
  const ferry = await startFaultyEngine({
    proxyFor,
    via: async (sandbox) => {
      truePort = Number(new URL(sandbox.url).port);
      return 'http://ms-sandbox-1250000000.cloud.test:8080';
    },
  });
  try {
    const bytes = randomBytes(6 * mebibyte);
    await writeFile(path.join(folder, 'build.bin'), bytes);
    await ferry.drop([path.join(folder, 'build.bin')]);
    const [upload] = await ferry.finished();
    expect(upload?.problem).toBeNull();
    expect((await ferry.stored(upload)).equals(bytes)).toBe(true);
    expect(new Set(socks.asked)).toEqual(new Set(['ms-sandbox-1250000000.cloud.test:8080']));
    expect(new Set(socks.users)).toEqual(new Set(['me:p@ss']));
    // Connections are kept alive behind the proxy as well.
    expect(socks.asked.length).toBeLessThan(ferry.sandbox.requests().length);
  } finally {
    await ferry.close();
  }
});

test('https goes through it as TLS with the host itself', async () => {
  const greetings: Buffer[] = [];
  const host = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (data) => {
      greetings.push(data);
      socket.destroy();
    });
  });
  await new Promise<void>((resolve) => { host.listen(0, '127.0.0.1', resolve); });
  truePort = (host.address() as { port: number }).port;
  try {
    await expect(new Connections(proxyFor).exchange(request({}))).rejects.toThrow();
    expect(socks.asked).toEqual(['cloud.test:443']);
    // A TLS handshake, with the host's name in it.
    expect(greetings[0]?.[0]).toBe(0x16);
    expect(greetings[0]?.includes('cloud.test')).toBe(true);
  } finally {
    await new Promise((resolve) => { host.close(resolve); });
  }
});

test('what the proxy refuses fails like any host that does not answer', async () => {
  await expect(new Connections(proxyFor).exchange(request({ host: 'elsewhere.test' }))).rejects.toThrow(/socks|refused/i);
  expect(socks.asked).toEqual(['elsewhere.test:443']);
});
