import { STATUS_CODES } from 'node:http';
import { createServer, Socket, type Server, type SocketConstructorOpts } from 'node:net';

export interface DroppedRequest {
  readonly method: string;
  readonly url: string;
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long the body was that was dropped. */
  readonly bytes: number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
}

type Head = Omit<DroppedRequest, 'bytes'>;

const headEnd = '\r\n\r\n';
const nothing = Buffer.alloc(0);
// As much as there is at once; what came is dropped before the next is read.
const readInto = Buffer.allocUnsafeSlow(1024 * 1024);

/**
 * An HTTP server that drops bodies, all of them read into the same memory: node:http has new memory for
 * every 64 KiB and copies them, which takes four times the CPU and is no client's. Bodies have a Content-Length;
 * a connection with any other is closed.
 */
export function droppingServer(answer: (request: DroppedRequest) => Reply): Server {
  return createServer({ pauseOnConnect: true, noDelay: true }, (accepted) => {
    // Only a socket of one's own making reads into memory that is given.
    const { _handle: handle } = accepted as unknown as { readonly _handle: unknown };
    const socket = new Socket({
      handle,
      onread: {
        buffer: readInto,
        callback: (bytes: number) => {
          take(readInto.subarray(0, bytes));
          return true;
        },
      },
    } as SocketConstructorOpts);
    const take = taker(socket, answer);
    socket.on('error', () => { socket.destroy(); }).resume();
  });
}

function taker(socket: Socket, answer: (request: DroppedRequest) => Reply): (data: Buffer) => void {
  let begun: Buffer = nothing;
  let head: Head | null = null;
  let bytes = 0;
  let left = 0;
  return (data) => {
    let rest = data;
    while (rest.length > 0 && !socket.destroyed) {
      if (!head) {
        rest = begun.length > 0 ? Buffer.concat([begun, rest]) : rest;
        const end = rest.indexOf(headEnd);
        if (end < 0) {
          begun = Buffer.from(rest);
          return;
        }
        begun = nothing;
        head = headOf(rest.toString('latin1', 0, end));
        rest = rest.subarray(end + headEnd.length);
        if (head.headers['transfer-encoding'] !== undefined) {
          socket.destroy();
          return;
        }
        left = bytes = Number(head.headers['content-length'] ?? 0);
        if (head.headers['expect'] !== undefined) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      }
      const taken = Math.min(left, rest.length);
      left -= taken;
      rest = rest.subarray(taken);
      if (left > 0) return;
      socket.write(replyText(head.method, answer({ ...head, bytes })), 'latin1');
      if (head.headers['connection'] === 'close') socket.end();
      head = null;
    }
  };
}

function headOf(text: string): Head {
  const [first = '', ...lines] = text.split('\r\n');
  const [method = '', url = ''] = first.split(' ');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { method, url, headers };
}

function replyText(method: string, { status = 200, headers = {}, body = '' }: Reply): string {
  const all = { Date: new Date().toUTCString(), ...(method === 'HEAD' || status === 204 ? {} : { 'Content-Length': Buffer.byteLength(body) }), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${Buffer.from(body).toString('latin1')}`;
}
