import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpReply } from '../../main/http-agents.ts';
import { headRoomBytes, PutSockets } from '../../main/transfer/put-sockets.ts';
import { Stalled } from '../../main/transfer/send-body.ts';

const ok = 'HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: 0\r\n\r\n';
let server: Server | null = null;
const connections: Socket[] = [];

afterEach(() => {
  for (const connection of connections.splice(0)) connection.destroy();
  server?.close();
});

/** A server that answers each connection's bytes as it is told; `got` is all that came on it so far. */
async function listen(onBytes: (connection: Socket, got: Buffer) => void): Promise<string> {
  server = createServer((connection) => {
    connections.push(connection);
    let got: Buffer = Buffer.alloc(0);
    connection.on('error', () => undefined);
    connection.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      onBytes(connection, got);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function begin(sockets: PutSockets, host: string, { body = Buffer.from('body'), headers = {}, stallMs = 5_000, onSent = () => undefined }: {
  readonly body?: Buffer; readonly headers?: Record<string, string>; readonly stallMs?: number; readonly onSent?: () => void;
} = {}) {
  const memory = Buffer.concat([Buffer.alloc(headRoomBytes), body]);
  const head = { method: 'PUT', protocol: 'http:', host, path: '/a%20b', headers: { 'Content-Length': String(body.length), ...headers } } as const;
  return sockets.put({ head, memory, bytes: body.length, stallMs, onSent });
}

async function put(...args: Parameters<typeof begin>): Promise<HttpReply> {
  return begin(...args)!.reply;
}

test('head and body arrive as they are, and the reply comes back', async () => {
  let got: Buffer = Buffer.alloc(0);
  const body = randomBytes(60_000);
  const head = (host: string) => `PUT /a%20b HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 60000\r\nx-token: t\r\n\r\n`;
  const host = await listen((connection, all) => {
    got = all;
    if (all.length === head(host).length + body.length) connection.write(ok);
  });
  let sent = 0;
  const reply = await put(new PutSockets(), host, { body, headers: { 'x-token': 't' }, onSent: () => { sent += 1; } });
  expect(reply).toEqual({ status: 200, headers: { etag: '"e"', 'content-length': '0' }, text: '' });
  expect(got.equals(Buffer.concat([Buffer.from(head(host)), body]))).toBe(true);
  expect(sent).toBe(1);
});

test('a reply that came while the thread was kept for longer than a stall is read', async () => {
  const host = await listen((connection) => {
    connection.write(ok);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  });
  expect(await put(new PutSockets(), host, { stallMs: 100 })).toMatchObject({ status: 200 });
});

test('a connection is used again, but never for two at once', async () => {
  const host = await listen((connection) => { setTimeout(() => { connection.write(ok); }, 5); });
  const sockets = new PutSockets();
  await put(sockets, host);
  await put(sockets, host);
  expect(connections).toHaveLength(1);
  await Promise.all([put(sockets, host), put(sockets, host)]);
  expect(connections).toHaveLength(2);
});

test.each([
  ['that the other side closes', (connection: Socket) => { connection.end(ok); }],
  ['whose reply asks for that', (connection: Socket) => { connection.write(ok.replace('ETag', 'Connection: close\r\nETag')); }],
  ['on which more comes than was asked for', (connection: Socket) => { connection.write(`${ok}${ok}`); }],
])('a connection %s is not used again', async (_what, answer) => {
  const host = await listen((connection) => { answer(connection); });
  const sockets = new PutSockets();
  await put(sockets, host);
  await expect.poll(() => connections[0]!.destroyed || connections[0]!.readableEnded).toBe(true);
  await put(sockets, host);
  expect(connections).toHaveLength(2);
});

test.each([
  ['resets', (connection: Socket) => { connection.resetAndDestroy(); }, /ECONNRESET/],
  ['closes without a word', (connection: Socket) => { connection.end(); }, /closed/],
  ['closes in the middle of its reply', (connection: Socket) => { connection.end(ok.slice(0, 30)); }, /cut short/],
  ['answers with what is no reply', (connection: Socket) => { connection.write('SSH-2.0-x\r\n\r\n'); }, /broken/],
])('a server that %s is an error, and the next request has a connection of its own', async (_what, answer, message) => {
  let requests = 0;
  const host = await listen((connection) => { if ((requests += 1) === 1) answer(connection); else connection.write(ok); });
  const sockets = new PutSockets();
  await expect(put(sockets, host)).rejects.toThrow(message);
  expect(await put(sockets, host)).toMatchObject({ status: 200 });
});

describe('an idle connection that the server closes as it is taken', () => {
  test.each([
    ['with a reset', (connection: Socket) => { connection.resetAndDestroy(); }],
    ['without a word', (connection: Socket) => { connection.destroy(); }],
    ['politely', (connection: Socket) => { connection.end(); }],
  ])('%s is no failure: the request goes once more, on a new one', async (_how, close) => {
    const bodies: string[] = [];
    const served = new Set<Socket>();
    const host = await listen((connection, got) => {
      if (served.has(connection)) {
        close(connection);
        return;
      }
      served.add(connection);
      bodies.push(got.toString().split('\r\n\r\n')[1]!);
      connection.write(ok);
    });
    const sockets = new PutSockets();
    for (let round = 0; round < 20; round++) expect(await put(sockets, host, { body: Buffer.from(`body ${round}`) })).toMatchObject({ status: 200 });
    expect(connections).toHaveLength(20);
    expect(bodies).toEqual(Array.from({ length: 20 }, (_, round) => `body ${round}`));
  });

  test('is a failure where the new one is closed as well', async () => {
    let requests = 0;
    const host = await listen((connection) => { if ((requests += 1) === 1) connection.write(ok); else connection.resetAndDestroy(); });
    const sockets = new PutSockets();
    await put(sockets, host);
    await expect(put(sockets, host)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(connections).toHaveLength(2);
  });

  test.each([
    ['ended', (connection: Socket) => { connection.end(ok.slice(0, 30)); }, 'cut short'],
    ['reset', (connection: Socket) => { connection.write(ok.slice(0, 30), () => { setTimeout(() => { connection.resetAndDestroy(); }, 20); }); }, 'ECONNRESET'],
  ])('is a failure where a reply had begun before it was %s', async (_how, answer, message) => {
    let requests = 0;
    const host = await listen((connection) => { if ((requests += 1) === 1) connection.write(ok); else answer(connection); });
    const sockets = new PutSockets();
    await put(sockets, host);
    await expect(put(sockets, host)).rejects.toThrow(message);
    expect(connections).toHaveLength(1);
  });

  test('can be aborted on its way', async () => {
    let requests = 0;
    const host = await listen((connection) => {
      if ((requests += 1) === 1) connection.write(ok);
      else if (requests === 2) connection.destroy();
      else flight.abort();
    });
    const sockets = new PutSockets();
    await put(sockets, host);
    const flight = begin(sockets, host)!;
    await expect(flight.reply).rejects.toThrow('aborted');
    await expect.poll(() => connections[1]!.destroyed).toBe(true);
  });
});

test('a new connection that is closed at once is not tried again', async () => {
  const host = await listen(() => undefined);
  server!.on('connection', (connection: Socket) => { connection.resetAndDestroy(); });
  await expect(put(new PutSockets(), host)).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(connections).toHaveLength(1);
});

test.each([
  ['before anything was read', null],
  ['in the middle of the body', 20_000],
])('a refusal that comes %s, with the connection closed behind it, is what is told', async (_when, after) => {
  const refusal = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno';
  const host = await listen((connection, got) => {
    if (after !== null && got.length >= after) connection.write(refusal, () => { connection.destroy(); });
  });
  if (after === null) {
    server!.removeAllListeners('connection');
    server!.on('connection', (connection: Socket) => {
      connections.push(connection);
      connection.on('error', () => undefined);
      connection.write(refusal, () => { connection.destroy(); });
    });
  }
  const body = randomBytes(64 * 1024);
  for (let round = 0; round < 50; round++) expect(await put(new PutSockets(), host, { body })).toMatchObject({ status: 403, text: 'no' });
});

test('where nobody listens it is the system\'s error', async () => {
  const host = await listen(() => undefined);
  server!.close();
  await expect(put(new PutSockets(), host)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('a server that says nothing is given up, and its connection closed', async () => {
  const host = await listen(() => undefined);
  await expect(put(new PutSockets(), host, { stallMs: 50 })).rejects.toBeInstanceOf(Stalled);
  await expect.poll(() => connections[0]!.destroyed).toBe(true);
});

test('an abort ends it and closes its connection', async () => {
  const host = await listen(() => { flight.abort(); });
  const flight = begin(new PutSockets(), host)!;
  await expect(flight.reply).rejects.toThrow('aborted');
  await expect.poll(() => connections[0]!.destroyed).toBe(true);
});

test('a header cannot say more than one header', () => {
  expect(() => begin(new PutSockets(), '127.0.0.1:1', { headers: { 'x-token': 'a\r\nx-admin: yes' } })).toThrow(TypeError);
});

test('a head that finds no room is left to others', () => {
  expect(begin(new PutSockets(), '127.0.0.1:1', { headers: { 'x-token': 'a'.repeat(headRoomBytes) } })).toBeNull();
});
