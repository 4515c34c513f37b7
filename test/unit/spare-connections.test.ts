import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Connections } from '../../main/connections.ts';
import { HttpAgents, replyTo } from '../../main/http-agents.ts';
import { SendCrew } from '../../main/transfer/send-crew.ts';
import { Throttle } from '../../main/transfer/throttle.ts';
import { eventually } from '../support/eventually.ts';

const { signal } = new AbortController();
let server: Server;
let crew: SendCrew | null = null;

afterEach(async () => {
  await crew?.close();
  crew = null;
  server.closeAllConnections();
  server.close();
});

async function listen(): Promise<{ readonly host: string; readonly connections: Socket[] }> {
  const connections: Socket[] = [];
  server = createServer((req, res) => { req.resume().once('end', () => setTimeout(() => res.end('well'), 50)); });
  server.on('connection', (socket) => connections.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, connections };
}

function askTo(host: string) {
  return { method: 'GET', protocol: 'http:', host, path: '/', headers: {} } as const;
}

test('connections that were opened ahead are what requests go over, however often they are asked for', async () => {
  const { host, connections } = await listen();
  crew = new SendCrew({ connections: new Connections(), throttle: new Throttle(), most: 2 });
  const place = { protocol: 'http:', host } as const;
  await crew.connect(place, 6);
  await crew.connect(place, 6);
  await eventually(() => connections.length === 6);
  const ask = crew.ask.bind(crew);
  const replies = await Promise.all(Array.from({ length: 6 }, () => ask('', { head: askTo(host), stallMs: 5_000, signal })));
  expect(replies.map((reply) => reply.text)).toEqual(Array(6).fill('well'));
  expect(connections).toHaveLength(6);
});

test('one that the other side has closed meanwhile is not used', async () => {
  const { host, connections } = await listen();
  const agents = new HttpAgents();
  agents.openAhead({ protocol: 'http:', host }, 1);
  await eventually(() => connections.length === 1);
  connections[0]?.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const request = agents.open(askTo(host), null);
  const reply = replyTo(request);
  request.end();
  expect((await reply).text).toBe('well');
  expect(connections).toHaveLength(2);
  agents.close();
});

test('one that cannot be opened says nothing, and leaves it to the request to fail', async () => {
  const { host } = await listen();
  server.close();
  await once(server, 'close');
  const agents = new HttpAgents();
  agents.openAhead({ protocol: 'http:', host }, 2);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const request = agents.open(askTo(host), null);
  const reply = replyTo(request);
  request.end();
  await expect(reply).rejects.toThrow('ECONNREFUSED');
});
