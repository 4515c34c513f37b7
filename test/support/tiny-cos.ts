import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createNetServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCrc64 } from '../../main/transfer/crc64.ts';
import { CosStore } from '../../main/transfer/cos-store.ts';
import type { Line } from '../../main/transfer/line.ts';

/** As much of COS as uploads need, without signatures; the sandbox is the strict one. */
export interface TinyCos {
  /** `host:port`. */
  readonly host: string;
  /** How many requests with a body of an object have come. */
  puts(): number;
  close(): void;
}

/** A server that takes objects, and the parts of one, but for PUTs that `refuse` deals with. */
export async function startTinyCos(refuse: ((req: IncomingMessage, res: ServerResponse) => void) | null = null): Promise<TinyCos> {
  const uploads = new Map<string, Map<number, Buffer>>();
  let puts = 0;
  const server = createServer((req, res) => { void answer(req, res); });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    puts: () => puts,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url!, 'http://cos');
    if (req.method === 'PUT') puts += 1;
    if (req.method === 'PUT' && refuse) return refuse(req, res);
    const body = await bodyOf(req).catch(() => null);
    if (!body) return;
    const part = searchParams.get('partNumber');
    if (searchParams.has('uploads')) res.end('<InitiateMultipartUploadResult><UploadId>upload</UploadId></InitiateMultipartUploadResult>');
    else if (part !== null) {
      const parts = uploads.get(pathname) ?? new Map<number, Buffer>();
      uploads.set(pathname, parts);
      parts.set(Number(part), body);
      res.setHeader('ETag', etagOf(body)).end();
    } else if (req.method === 'PUT') res.setHeader('ETag', etagOf(body)).setHeader('x-cos-hash-crc64ecma', await crc64Of(body)).end();
    else if (req.method === 'POST') {
      const whole = Buffer.concat([...uploads.get(pathname) ?? []].sort(([a], [b]) => a - b).map(([, data]) => data));
      res.setHeader('x-cos-hash-crc64ecma', await crc64Of(whole));
      res.end(`<CompleteMultipartUploadResult><ETag>${etagOf(whole)}</ETag></CompleteMultipartUploadResult>`);
    } else res.writeHead(403).end();
  }
}

export function storeAt(host: string, line: Line): CosStore {
  return new CosStore({
    bucket: 'tiny-1250000000', region: 'ap-guangzhou', line, domains: [{ domain: host, protocol: 'http:' }],
    tmpSecretId: 'id', tmpSecretKey: 'key', token: 'token',
  });
}

/** A line to `host` that carries so many bytes a second over all its connections together; replies come at once. Returns its own `host:port`. */
export async function startSlowLine(host: string, bytesPerSecond: number): Promise<{ readonly host: string; close(): void }> {
  const sockets = new Set<Socket>();
  const [hostname, port] = host.split(':') as [string, string];
  let freeAtMs = 0;
  const server = createNetServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => { near.destroy(); far.destroy(); });
    }
    far.pipe(near);
    // Who sends may give up.
    carry(near, far).catch(() => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };

  async function carry(near: Socket, far: Socket): Promise<void> {
    for await (const chunk of near as AsyncIterable<Buffer>) {
      freeAtMs = Math.max(freeAtMs, performance.now()) + chunk.length * 1000 / bytesPerSecond;
      await sleep(freeAtMs - performance.now());
      far.write(chunk);
    }
  }
}

async function bodyOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function crc64Of(data: Buffer): Promise<string> {
  const crc64 = await createCrc64();
  crc64.update(data);
  return crc64.digestDecimal();
}

function etagOf(data: Buffer): string {
  return `"${createHash('md5').update(data).digest('hex')}"`;
}
