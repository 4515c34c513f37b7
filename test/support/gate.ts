import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server on this computer that can be closed, as a link goes down, and opened again at the same place. */
export interface Gate {
  readonly url: string;
  open(): Promise<void>;
  close(): Promise<void>;
}

export async function openGate(targetUrl: string): Promise<Gate> {
  const target = Number(new URL(targetUrl).port);
  const sockets = new Set<Socket>();
  let server: Server;
  let port = 0;
  const open = async (): Promise<void> => {
    server = createServer((client) => {
      const upstream = connect(target, '127.0.0.1');
      for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => { sockets.delete(socket); other.destroy(); });
        socket.pipe(other);
      }
    });
    await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
    const address = server.address();
    port = typeof address === 'object' && address ? address.port : 0;
  };
  await open();
  return {
    url: `http://127.0.0.1:${port}`,
    open,
    async close() {
      const closed = new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
