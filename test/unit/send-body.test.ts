import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HttpAgents, type HttpHead } from '../../main/http-agents.ts';
import { sendBody } from '../../main/transfer/send-body.ts';
import { Throttle } from '../../main/transfer/throttle.ts';
import { eventually } from '../support/eventually.ts';

const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const refusal = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno';
let server: Server;
let agents: HttpAgents;
let connections: Socket[];

beforeEach(() => {
  agents = new HttpAgents();
  connections = [];
});

afterEach(() => {
  agents.close();
  for (const connection of connections) connection.destroy();
  server.close();
});

/** A server of bytes; `requests` is how many have begun on this connection, with this one. */
async function listen(onRequest: (connection: Socket, requests: number) => void): Promise<string> {
  server = createServer((connection) => {
    connections.push(connection);
    let requests = 0;
    let missing = 0;
    connection.on('error', () => undefined);
    connection.on('data', (chunk) => {
      if (missing > 0) {
        missing -= chunk.length;
      } else {
        const text = chunk.toString('latin1');
        const end = text.indexOf('\r\n\r\n');
        missing = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0) - (chunk.length - end - 4);
        requests += 1;
      }
      if (missing <= 0) onRequest(connection, requests);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function send(host: string, { method = 'PUT', data = Buffer.from('body'), proxy = null }: { readonly method?: HttpHead['method']; readonly data?: Buffer; readonly proxy?: string | null } = {}) {
  const head = { method, protocol: 'http:', host, path: '/', headers: { 'Content-Length': String(data.length) } } as const;
  return sendBody(agents, { head, data, proxy, throttle: new Throttle(), stallMs: 5_000, onSent: () => undefined });
}

const closings: readonly [string, (connection: Socket) => void][] = [
  ['with a reset', (connection) => { connection.resetAndDestroy(); }],
  ['without a word', (connection) => { connection.destroy(); }],
  ['politely', (connection) => { connection.end(); }],
];

test.each(closings)('an idle connection that is closed %s as it is taken is no failure: the request goes once more, on a new one', async (_how, close) => {
  const host = await listen((connection, requests) => { if (requests > 1) close(connection); else connection.write(ok); });
  for (const bytes of [10, 10, 3_000_000]) expect(await send(host, { data: randomBytes(bytes) }).reply).toMatchObject({ status: 200, text: 'ok' });
  expect(connections.length).toBeGreaterThanOrEqual(3);
});

test('however many idle ones are closed, the new one is one that nobody else has used', async () => {
  let open = 0;
  const host = await listen((connection, requests) => {
    if (requests > 1) {
      connection.destroy();
      return;
    }
    open += 1;
    // All of the first four are open at once.
    void eventually(() => open >= 4).then(() => { connection.write(ok); });
  });
  await Promise.all(Array.from({ length: 4 }, () => send(host).reply));
  expect(await send(host).reply).toMatchObject({ status: 200 });
  expect(connections).toHaveLength(5);
});

test('one that was opened ahead is as little a failure', async () => {
  const host = await listen((connection) => { if (connections.indexOf(connection) === 0) connection.destroy(); else connection.write(ok); });
  agents.openAhead({ protocol: 'http:', host }, 1);
  await eventually(() => connections.length === 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await send(host).reply).toMatchObject({ status: 200 });
  expect(connections).toHaveLength(2);
});

test('behind a proxy it goes once more through the proxy', async () => {
  // What is idle, and closed, is the connection to the proxy.
  const proxy = await listen((connection, requests) => { if (requests > 1) connection.destroy(); else connection.write(ok); });
  for (let round = 0; round < 2; round++) expect(await send('storage.invalid', { proxy: `http://${proxy}` }).reply).toMatchObject({ status: 200 });
  expect(connections).toHaveLength(2);
});

test('it is a failure where the new one is closed as well', async () => {
  let requests = 0;
  const host = await listen((connection) => { if ((requests += 1) === 1) connection.write(ok); else connection.resetAndDestroy(); });
  await send(host).reply;
  await expect(send(host).reply).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(connections).toHaveLength(2);
});

test.each([
  ['a request that may take effect twice', { method: 'POST' }, (connection: Socket) => { connection.destroy(); }, 'socket hang up'],
  ['one whose reply had begun', {}, (connection: Socket) => { connection.end(ok.slice(0, -1)); }, /closed|aborted|cut short/],
] as const)('%s is not sent again', async (_what, options, close, message) => {
  const host = await listen((connection, requests) => { if (requests > 1) close(connection); else connection.write(ok); });
  await send(host).reply;
  await expect(send(host, options).reply).rejects.toThrow(message);
  expect(connections).toHaveLength(1);
});

test('on a new connection, one that is closed at once is a failure', async () => {
  const host = await listen(() => undefined);
  server.on('connection', (connection) => { connection.resetAndDestroy(); });
  await expect(send(host).reply).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(connections).toHaveLength(1);
});

test('the second try can be aborted too', async () => {
  const host = await listen((connection, requests) => {
    if (requests > 1) connection.destroy();
    else if (connections.length === 1) connection.write(ok);
    else flight.abort();
  });
  await send(host).reply;
  const flight = send(host);
  await expect(flight.reply).rejects.toThrow('aborted');
  await expect.poll(() => connections[1]!.destroyed).toBe(true);
});

test.each([
  ['before anything was read', 0],
  ['in the middle of the body', 500_000],
])('a refusal that comes %s, with the connection closed behind it, is what is told', async (_when, after) => {
  server = createServer((connection) => {
    connections.push(connection);
    let got = 0;
    const refuse = (): void => { connection.write(refusal, () => { connection.destroy(); }); };
    connection.on('error', () => undefined);
    if (after === 0) refuse();
    else connection.on('data', (chunk) => { if (got < after && (got += chunk.length) >= after) refuse(); });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (let round = 0; round < 30; round++) expect(await send(host, { data: randomBytes(2_000_000) }).reply).toMatchObject({ status: 403, text: 'no' });
});
