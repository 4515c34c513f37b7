import { connect, createServer, type Socket } from 'node:net';

/** A SOCKS5 proxy on this computer that wants a name and a password. */
export interface TinySocks {
  readonly port: number;
  /** `host:port` of each connection it was asked for; a name as it was given, not looked up. */
  readonly asked: string[];
  /** `name:password` of each. */
  readonly users: string[];
  close(): Promise<void>;
}

const [version, byPassword, granted, refused, byName] = [5, 2, 0, 5, 3];

/** `tunnelTo` says where on this computer a place truly is, null for nowhere. RFC 1928 and 1929, as far as a client needs them. */
export async function startTinySocks(tunnelTo: (place: string) => { readonly port: number } | null): Promise<TinySocks> {
  const asked: string[] = [];
  const users: string[] = [];
  const sockets = new Set<Socket>();
  const serve = async (client: Socket): Promise<void> => {
    const read = reader(client);
    const [, methods = 0] = await read(2);
    await read(methods);
    client.write(Buffer.from([version, byPassword]));
    const [, nameLength = 0] = await read(2);
    const name = await read(nameLength);
    const [passwordLength = 0] = await read(1);
    users.push(`${name.toString()}:${(await read(passwordLength)).toString()}`);
    client.write(Buffer.from([1, granted]));
    const [, , , kind] = await read(4);
    const host = kind === byName ? (await read((await read(1))[0]!)).toString() : [...await read(4)].join('.');
    const place = `${host}:${(await read(2)).readUInt16BE()}`;
    asked.push(place);
    const target = tunnelTo(place);
    const reply = (code: number): Buffer => Buffer.from([version, code, 0, 1, 127, 0, 0, 1, 0, 0]);
    if (!target) {
      client.end(reply(refused));
      return;
    }
    const upstream = connect(target.port, '127.0.0.1', () => {
      client.write(reply(granted));
      client.pipe(upstream).pipe(client);
    });
    upstream.on('error', () => { client.destroy(); });
    client.on('close', () => { upstream.destroy(); });
  };
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => undefined);
    client.on('close', () => { sockets.delete(client); });
    serve(client).catch(() => { client.destroy(); });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    asked, users,
    async close() {
      const closed = new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function reader(socket: Socket): (bytes: number) => Promise<Buffer> {
  return async (bytes) => {
    if (bytes === 0) return Buffer.alloc(0);
    for (;;) {
      const chunk = socket.read(bytes) as Buffer | null;
      if (chunk?.length === bytes) return chunk;
      await new Promise<void>((resolve, reject) => {
        socket.once('readable', resolve);
        socket.once('close', () => { reject(new Error('The client has gone.')); });
      });
    }
  };
}
