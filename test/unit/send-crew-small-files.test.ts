import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Connections } from '../../main/connections.ts';
import { SendCrew } from '../../main/transfer/send-crew.ts';
import { SendThread } from '../../main/transfer/send-thread.ts';
import { Throttle } from '../../main/transfer/throttle.ts';

const { signal } = new AbortController();
let directory: string;
let server: Server;
let crew: SendCrew;
let threads: SendThread[];

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ferry-crew-'));
  writeFileSync(path.join(directory, 'a.bin'), 'small');
  server = createServer((req, res) => {
    req.resume();
    req.on('end', () => { res.end(); });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  await crew.close();
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Two threads at most; the first goes by a throttle of its own. */
function gather(first = new Throttle()): void {
  const throttle = new Throttle();
  threads = [];
  const begin = (onEnd: () => void): SendThread => {
    const thread = new SendThread({ throttle: (threads.length === 0 ? first : throttle).memory }, onEnd);
    threads.push(thread);
    return thread;
  };
  crew = new SendCrew({ connections: new Connections(), throttle, most: 2, begin });
}

function sending(method: 'PUT' | 'HEAD') {
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { head: { method, protocol: 'http:', host, path: '/a.bin', headers: {} }, stallMs: 5_000, signal } as const;
}

function put() {
  return crew.put({ path: path.join(directory, 'a.bin'), name: 'a.bin' }, sending('PUT'));
}

test('small files take one thread, however long it had nothing to do', async () => {
  gather();
  crew.warm(1);
  await Promise.all([put(), put(), put()]);
  await sleep(300);
  await Promise.all([put(), put(), put()]);
  expect(threads).toHaveLength(1);
});

test('small files take all threads where reading them holds one up', async () => {
  gather();
  crew.warm(1);
  const quick = threads[0]!;
  const doIt = quick.do.bind(quick);
  quick.do = async (...args) => {
    const answer = await doIt(...args);
    return 'read' in answer && answer.read ? { ...answer, read: { ...answer.read, tookMs: 50 } } : answer;
  };
  await put();
  await Promise.all([put(), put()]);
  expect(threads).toHaveLength(2);
});

test('a small file whose read does not end stops no other, and nothing else', async () => {
  // As silent as a thread that a read holds.
  const starved = new Throttle();
  starved.limit = 1;
  await starved.take(1_000_000);
  gather(starved);
  for (const held of [put(), put()]) held.catch(() => undefined);
  await expect.poll(() => threads[0]?.isHeldUp).toBe(true);
  // More of them at once than it has.
  await Promise.all([put(), put(), put(), put(), put(), crew.ask('', sending('HEAD'))]);
  expect(threads.map(({ tasks }) => tasks)).toEqual([2, 0]);
});
