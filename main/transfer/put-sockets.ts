import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { closedByPeer, endpointOf, isClosedByPeer, type HttpHead, type HttpReply } from '../http-agents.ts';
import { parseReply } from './parse-reply.ts';
import { Stalled, type BodyFlight } from './send-body.ts';
import { Watchdog } from './watchdog.ts';

/** So many bytes in front of a body are kept free for its head. */
export const headRoomBytes = 8 * 1024;

export interface WholePut {
  readonly head: HttpHead;
  /** The body's own memory, behind `headRoomBytes` free ones. */
  readonly memory: Buffer;
  readonly bytes: number;
  readonly stallMs: number;
  /** The connection has taken all of it. */
  readonly onSent: () => void;
}

interface PutBytes extends Pick<WholePut, 'stallMs' | 'onSent'> {
  readonly place: string;
  /** Head and body. */
  readonly data: Buffer;
}

/** A request on its connection. */
interface Exchange {
  readonly watchdog: Watchdog;
  readonly whole: (reply: HttpReply, keepsAlive: boolean) => void;
  readonly broken: (error: Error) => void;
  received: Buffer | null;
}

/**
 * Connections of one thread for small PUTs that go without a proxy, kept alive: head and body are
 * one write. node:http does the same at four times the CPU.
 */
export class PutSockets {
  readonly #idle = new Map<string, Socket[]>();
  readonly #sessions = new Map<string, Buffer>();
  readonly #exchanges = new WeakMap<Socket, Exchange>();

  /** Sends one request, as `sendBody` does. null where its head finds no room. */
  put({ head, memory, bytes, stallMs, onSent }: WholePut): BodyFlight | null {
    const headText = headTextOf(head);
    if (headText.length > headRoomBytes) return null;
    const start = headRoomBytes - memory.write(headText, headRoomBytes - headText.length, 'latin1');
    const place = `${head.protocol}//${head.host}`;
    const put: PutBytes = { place, data: memory.subarray(start, headRoomBytes + bytes), stallMs, onSent };
    let abort: () => void = () => undefined;
    const reply = new Promise<HttpReply>((resolve, reject) => {
      const send = (idle: Socket | undefined): void => {
        const socket = idle ?? this.#open(place);
        abort = () => { socket.destroy(new Error('aborted')); };
        this.#send(socket, put, resolve, (error, received) => {
          // The other side had closed it as it was taken; it will not close a new one for that.
          if (idle && !received && isClosedByPeer(error)) send(undefined);
          else reject(error);
        });
      };
      send(this.#idle.get(place)?.pop());
    });
    return { reply, abort: () => { abort(); } };
  }

  #send(socket: Socket, { place, data, stallMs, onSent }: PutBytes, resolve: (reply: HttpReply) => void, fail: (error: Error, received: Buffer | null) => void): void {
    let isSent = false;
    const exchange: Exchange = {
      watchdog: new Watchdog(stallMs, () => { socket.destroy(new Stalled()); }),
      received: null,
      whole: (whole, keepsAlive) => {
        this.#end(socket);
        // A reply may come before all of the body has gone; nothing else can follow on that connection.
        if (keepsAlive && isSent) this.#keep(place, socket);
        else socket.destroy();
        resolve(whole);
      },
      broken: (error) => {
        this.#end(socket);
        socket.destroy();
        fail(error, exchange.received);
      },
    };
    this.#exchanges.set(socket, exchange);
    socket.ref();
    socket.write(data, (error) => {
      if (error) return;
      isSent = true;
      exchange.watchdog.moved();
      onSent();
    });
  }

  #open(place: string): Socket {
    const url = new URL(place);
    const options = { ...endpointOf(url), noDelay: true, keepAlive: true, keepAliveInitialDelay: 1_000 };
    const session = this.#sessions.get(place);
    const socket = url.protocol === 'https:'
      // Said here, since NODE_TLS_REJECT_UNAUTHORIZED could otherwise take it away.
      ? connectTls({ ...options, rejectUnauthorized: true, ...(session ? { session } : {}) })
        .on('session', (next: Buffer) => { this.#sessions.set(place, next); })
      : connectPlain(options);
    socket.on('data', (chunk: Buffer) => { this.#take(socket, chunk); });
    socket.once('end', () => { this.#ended(socket); });
    socket.on('error', (error) => { this.#exchanges.get(socket)?.broken(error); });
    socket.once('close', () => {
      this.#exchanges.get(socket)?.broken(closedByPeer());
      this.#forget(place, socket);
    });
    return socket;
  }

  #take(socket: Socket, chunk: Buffer): void {
    const exchange = this.#exchanges.get(socket);
    // Nobody has asked for it.
    if (!exchange) {
      socket.destroy();
      return;
    }
    exchange.watchdog.moved();
    exchange.received = exchange.received ? Buffer.concat([exchange.received, chunk]) : chunk;
    this.#parse(exchange, exchange.received, false);
  }

  #ended(socket: Socket): void {
    const exchange = this.#exchanges.get(socket);
    if (exchange?.received) this.#parse(exchange, exchange.received, true);
    this.#exchanges.get(socket)?.broken(exchange?.received ? new Error('The reply was cut short.') : closedByPeer());
    socket.destroy();
  }

  #parse(exchange: Exchange, received: Buffer, ended: boolean): void {
    try {
      const parsed = parseReply(received, ended);
      if (parsed) exchange.whole(parsed.reply, parsed.keepsAlive && !ended);
    } catch (error) {
      exchange.broken(error as Error);
    }
  }

  #end(socket: Socket): void {
    this.#exchanges.get(socket)?.watchdog.end();
    this.#exchanges.delete(socket);
  }

  #keep(place: string, socket: Socket): void {
    const idle = this.#idle.get(place) ?? [];
    this.#idle.set(place, idle);
    idle.push(socket);
    socket.unref();
  }

  #forget(place: string, socket: Socket): void {
    const idle = this.#idle.get(place) ?? [];
    const at = idle.indexOf(socket);
    if (at >= 0) idle.splice(at, 1);
  }
}

function headTextOf({ method, host, path, headers }: HttpHead): string {
  let text = `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    // What the service gave as a token could be meant to say more than one header.
    if (!/^[\x20-\x7e]*$/.test(value)) throw new TypeError(`The header ${name} has a character that it cannot have.`);
    text += `${name}: ${value}\r\n`;
  }
  return `${text}\r\n`;
}
