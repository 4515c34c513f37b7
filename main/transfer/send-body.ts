import type { ClientRequest } from 'node:http';
import { isClosedByPeer, replyTo, wasOpenBefore, type HttpAgents, type HttpHead, type HttpReply } from '../http-agents.ts';
import type { Throttle } from './throttle.ts';
import { Watchdog } from './watchdog.ts';
import { wholeTurn } from './whole-turn.ts';

const smallestSlice = 4 * 1024;
const usualSlice = 64 * 1024;
const largestSlice = 1024 * 1024;
// A slice that the connection takes within this time may be larger the next time.
const swiftMs = 50;

export interface BodySend {
  readonly head: HttpHead;
  readonly data: Buffer;
  readonly proxy: string | null;
  readonly throttle: Throttle;
  readonly stallMs: number;
  /** The running total of bytes that the connection has taken. */
  readonly onSent: (bytes: number) => void;
}

/** No byte moved for as long as was allowed. */
export class Stalled extends Error {
  constructor() {
    super('No byte moved.');
    this.name = 'Stalled';
  }
}

/** A body on its way. */
export interface BodyFlight {
  /** Rejects with Node's error where no whole reply came, or with Stalled. */
  readonly reply: Promise<HttpReply>;
  /** Ends it and closes its connection. */
  abort(): void;
}

/**
 * Sends one request with its body, in slices, so that progress is seen, a limit holds and a stall is
 * told. Tried once, and once more where it went on an idle connection that the other side was closing.
 */
export function sendBody(agents: HttpAgents, send: BodySend): BodyFlight {
  let flight = begin(agents, send, false);
  return {
    reply: flight.reply.catch((error: unknown) => {
      if (!flight.metClosing(error)) throw error;
      flight = begin(agents, send, true);
      return flight.reply;
    }),
    abort: () => { flight.abort(); },
  };
}

interface Flight extends BodyFlight {
  /** Whether all that went wrong is that its connection was closed as it was taken. */
  readonly metClosing: (error: unknown) => boolean;
}

function begin(agents: HttpAgents, send: BodySend, alone: boolean): Flight {
  const request = agents.open(send.head, send.proxy, alone);
  const watchdog = new Watchdog(send.stallMs, () => { request.destroy(new Stalled()); });
  let answered = false;
  const reply = replyTo(request, () => {
    answered = true;
    watchdog.moved();
  });
  pour(request, send, watchdog).catch((error: unknown) => { request.destroy(error as Error); });
  return {
    reply: reply.finally(() => {
      watchdog.end();
      // A reply may come before all of the body has gone; nothing else can follow on that connection.
      if (!request.writableFinished) request.destroy();
    }),
    abort: () => { request.destroy(new Error('aborted')); },
    // A POST could take effect twice.
    metClosing: (error) => send.head.method !== 'POST' && !answered && wasOpenBefore(request) && isClosedByPeer(error),
  };
}

async function pour(request: ClientRequest, { data, throttle, onSent }: BodySend, watchdog: Watchdog): Promise<void> {
  if (data.length === 0) {
    request.end(() => { onSent(0); });
    return;
  }
  if (data.length <= usualSlice && throttle.limit === null) {
    request.end(data, () => { onSent(data.length); });
    return;
  }
  // Under a limit the body may come later, when what the request was signed with has ended.
  if (throttle.limit !== null) request.flushHeaders();
  let unlimitedSlice = usualSlice;
  let takenMs = 0;
  for (let offset = 0; offset < data.length;) {
    const { limit } = throttle;
    // Under a low limit a large slice would let each of many connections wait for long.
    const bytes = limit === null ? unlimitedSlice : Math.min(usualSlice, Math.max(smallestSlice, Math.floor(limit / 8)));
    const slice = data.subarray(offset, offset + bytes);
    if (limit !== null) {
      watchdog.hold();
      await throttle.take(slice.length);
      if (request.destroyed) return;
      watchdog.moved();
    }
    const startedAtMs = performance.now();
    await written(request, slice);
    if (request.destroyed) return;
    watchdog.moved();
    const sliceMs = performance.now() - startedAtMs;
    takenMs += sliceMs;
    // The first finds room in the system's memory, however slow the line is.
    if (sliceMs >= swiftMs) unlimitedSlice = usualSlice;
    else if (offset > 0) unlimitedSlice = Math.min(largestSlice, unlimitedSlice * 2);
    offset += slice.length;
    onSent(offset);
    // A refusal may have come meanwhile: a write to a connection that is closed would end it unread.
    if (offset < data.length) await wholeTurn();
    if (request.destroyed) return;
  }
  request.end();
  // What the system has taken and not yet sent goes no faster than what went before it.
  watchdog.allow(takenMs);
}

function written(request: ClientRequest, slice: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    request.write(slice, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
