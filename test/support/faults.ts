import { setTimeout as sleep } from 'node:timers/promises';
import type { ArrivedRequest, SandboxFaults } from '../../main/sandbox/sandbox.ts';

/** What goes wrong with one request. True: it has been dealt with. False: it goes on, if perhaps not well. */
export type Fault = (request: ArrivedRequest) => boolean | Promise<boolean>;

/** The connection is reset before anything is read. */
export const reset: Fault = ({ req }) => {
  req.socket.resetAndDestroy();
  return true;
};

/** Nothing is read and nothing answered until the client gives up. */
export const hang: Fault = async ({ req }) => {
  await new Promise<void>((resolve) => { req.socket.once('close', () => { resolve(); }); });
  return true;
};

/** The connection ends after so many bytes of the request's body. */
export const cutRequest = (bytes: number): Fault => async ({ req }) => {
  const { socket } = req;
  let read = 0;
  req.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read >= bytes) socket.destroy();
  });
  req.on('end', () => { socket.destroy(); });
  await new Promise<void>((resolve) => { socket.once('close', () => { resolve(); }); });
  return true;
};

/** The request takes effect, and the connection ends after so many bytes of the reply, its head included. */
export const cutReply = (bytes: number): Fault => ({ res }) => {
  const socket = res.socket!;
  const write = socket.write.bind(socket) as (data: Buffer, done: () => void) => boolean;
  let left = bytes;
  socket.write = ((chunk: string | Buffer, encoding: unknown) => {
    const data = typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding as BufferEncoding : 'utf8') : chunk;
    const through = data.subarray(0, left);
    left -= through.length;
    if (left > 0) return write(through, () => undefined);
    if (through.length === 0) socket.destroy();
    else write(through, () => { socket.destroy(); });
    return false;
  }) as typeof socket.write;
  return false;
};

/** The request takes effect, and no byte of the reply arrives. */
export const lostReply = cutReply(0);

/** A refusal of COS; nothing takes effect. */
export const status = (code: number, errorCode: string, message = 'A fault.'): Fault => async ({ req, res }) => {
  await drained(req);
  res.writeHead(code, { 'Content-Type': 'application/xml', 'x-cos-request-id': 'fault-request' });
  res.end(req.method === 'HEAD' ? undefined : `<?xml version="1.0"?><Error><Code>${errorCode}</Code><Message>${message}</Message></Error>`);
  return true;
};

export const slowDown = status(503, 'SlowDown', 'Please reduce your request rate.');
export const internalError = status(500, 'InternalError', 'We encountered an internal error.');

/** A refusal of API 3.0, which comes with 200. */
export const apiRefusal = (code: string): Fault => async ({ req, res }) => {
  await drained(req);
  res.writeHead(200, { 'Content-Type': 'application/json' });
  res.end(JSON.stringify({ Response: { Error: { Code: code, Message: 'A fault.' }, RequestId: 'fault-request' } }));
  return true;
};

/** 200 with an error inside, as Complete may answer; nothing takes effect. */
export const errorInside200 = status(200, 'InternalError', 'We encountered an internal error.');

/** 200 and the beginning of a body whose rest never comes, though the connection ends as it should; nothing takes effect. */
export const halfBody: Fault = async ({ req, res }) => {
  await drained(req);
  res.writeHead(200, { 'Content-Type': 'application/xml', 'x-cos-hash-crc64ecma': '1' });
  res.end('<?xml version="1.0"?><CompleteMultipartUploadResult><Location>http://');
  return true;
};

export const slow = (delayMs: number): Fault => async () => {
  await sleep(delayMs);
  return false;
};

interface Rule {
  readonly operation: string;
  readonly fault: Fault;
  left: number;
}

/** Faults that a test asks for one by one: an operation's next requests meet them, in the order they were asked for. */
export class Faults {
  readonly #rules: Rule[] = [];

  readonly hook: SandboxFaults = async (request) => {
    const rule = this.#rules.find(({ operation, left }) => left > 0 && (operation === '*' || operation === request.operation));
    if (!rule) return false;
    rule.left -= 1;
    return rule.fault(request);
  };

  /** The next `times` requests of this operation, or of any ('*'). */
  next(operation: string, fault: Fault, times = 1): void {
    this.#rules.push({ operation, fault, left: times });
  }

  clear(): void {
    this.#rules.length = 0;
  }
}

/** A fault for a share of all requests, drawn from a seed, so that a storm can be had again. */
export function storm(seed: number, share: number, faults: readonly Fault[]): { readonly hook: SandboxFaults; readonly met: () => number } {
  const random = randomFrom(seed);
  let met = 0;
  return {
    met: () => met,
    hook: (request) => {
      const fault = random() < share ? faults[Math.floor(random() * faults.length)] : undefined;
      if (!fault) return false;
      met += 1;
      return fault(request);
    },
  };
}

/** Mulberry32: numbers in [0, 1), the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function drained(req: ArrivedRequest['req']): Promise<void> {
  for await (const _chunk of req as AsyncIterable<Buffer>) void _chunk;
}
