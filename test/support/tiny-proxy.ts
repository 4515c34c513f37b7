import { createServer, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';

/** A forward proxy on this computer: what it was asked for, and where the tunnels it opens truly lead. */
export interface TinyProxy {
  readonly url: string;
  /** `CONNECT host:port`, or `METHOD http://host:port`. */
  readonly asked: string[];
  readonly authorizations: (string | undefined)[];
  close(): Promise<void>;
}

export async function startTinyProxy(options: { readonly tunnelTo?: (place: string) => { readonly port: number } | null } = {}): Promise<TinyProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((req, res) => {
    const target = new URL(req.url ?? '');
    asked.push(`${req.method} ${target.origin}`);
    authorizations.push(req.headers['proxy-authorization']);
    const headers = { ...req.headers };
    delete headers['proxy-authorization'];
    const onward = request(target, { method: req.method, headers }, (reply) => {
      res.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(res);
    });
    onward.on('error', () => { res.destroy(); });
    req.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => { sockets.delete(socket); });
  });
  server.on('connect', (req: IncomingMessage, client: Socket) => {
    asked.push(`CONNECT ${req.url}`);
    authorizations.push(req.headers['proxy-authorization']);
    const place = options.tunnelTo?.(req.url ?? '') ?? null;
    if (!place) {
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      return;
    }
    const upstream = connect(place.port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on('error', () => { client.destroy(); });
    upstream.on('close', () => { client.destroy(); });
    client.on('close', () => { upstream.destroy(); });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    asked, authorizations,
    async close() {
      const closed = new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
