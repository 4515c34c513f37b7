import { parentPort } from 'node:worker_threads';
import { FerryError } from '../ferry-error.ts';
import { HttpAgents } from '../http-agents.ts';
import { readRange } from '../package/read-range.ts';
import { readSmallFile, smallFileBytes } from '../package/read-small-file.ts';
import { withSystemTrust } from '../system-trust.ts';
import { yieldToWindow } from '../yield-to-window.ts';
import { hashPart } from './hash-part.ts';
import { hashWhole, prepareHashes } from './hash-whole.ts';
import { Outbox } from './outbox.ts';
import { headRoomBytes, PutSockets } from './put-sockets.ts';
import { sendBody, Stalled, type BodyFlight } from './send-body.ts';
import type { Connect, FileRead, FromSendWorker, HashTask, PartHashes, PutTask, RequestTask, SendFailure, ToSendWorker } from './send-messages.ts';
import { Throttle } from './throttle.ts';

// As often as a person can follow.
const tellEveryMs = 100;
// What a connection takes at once, so that there is no progress to be told.
const wholeBytes = 64 * 1024;

const port = parentPort;
let throttle = new Throttle();
const agents = new HttpAgents();
const sockets = new PutSockets();
const aborts = new Map<number, () => void>();
const connected = new Set<string>();
/** For small files, to be used again: new memory for each keeps the garbage collector busy. */
const idleMemory: Buffer[] = [];
const outbox = new Outbox<FromSendWorker>((messages) => { port?.postMessage(messages); });

yieldToWindow();
prepareHashes();

port?.on('message', (messages: readonly ToSendWorker[]) => {
  for (const message of messages) take(message);
});

function take(message: ToSendWorker): void {
  if (message.kind === 'abort') aborts.get(message.id)?.();
  else if (message.kind === 'connect') connect(message);
  else if (message.kind === 'throttle') throttle = new Throttle(message.memory);
  else if (message.kind === 'send') void send(message.id, message, Buffer.from(message.memory, 0, message.bytes), null);
  else if (message.kind === 'put') void put(message.id, message);
  else if (message.kind === 'ask') void send(message.id, message, Buffer.from(message.document), null);
  else void hash(message.id, message);
}

/** Once for each host: what was opened then is kept alive. */
function connect({ place, many }: Connect): void {
  const id = `${place.protocol}//${place.host}`;
  if (connected.has(id)) return;
  connected.add(id);
  agents.openAhead(place, many);
}

async function hash(id: number, task: HashTask): Promise<void> {
  try {
    outbox.add({ id, kind: 'hashed', hashes: await hashesOf(task) });
  } catch (error) {
    outbox.add({ id, kind: 'failed', failure: asData(error), sentBytes: 0 });
  }
}

async function hashesOf(task: HashTask): Promise<PartHashes> {
  const data = Buffer.from(task.memory, 0, task.bytes);
  const hasher = await hashPart();
  if (task.kind === 'read') await readRange(task.file, task.position, data, (piece) => hasher.update(piece));
  else await hasher.update(data);
  return hasher.digest();
}

async function put(id: number, task: PutTask): Promise<void> {
  // It may be given up before anything of it is sent.
  let aborted = false;
  aborts.set(id, () => { aborted = true; });
  try {
    const memory = idleMemory.pop() ?? Buffer.allocUnsafeSlow(headRoomBytes + smallFileBytes);
    const startedAtMs = performance.now();
    const data = readSmallFile(task.file, memory.subarray(headRoomBytes));
    const tookMs = performance.now() - startedAtMs;
    if (!data) {
      outbox.add({ id, kind: 'not-small', sentBytes: 0 });
      return;
    }
    const { md5, crc64 } = await hashWhole(data);
    if (aborted) throw new Error('aborted');
    const headers = { ...task.head.headers, 'Content-Length': String(data.length), 'Content-MD5': md5 };
    // Of a request that failed the system may still hold the bytes.
    if (await send(id, { ...task, head: { ...task.head, headers } }, data, { bytes: data.length, crc64, tookMs }, memory)) idleMemory.push(memory);
  } catch (error) {
    outbox.add({ id, kind: 'failed', failure: asData(error), sentBytes: 0 });
  } finally {
    aborts.delete(id);
  }
}

/** Whether a reply came. `memory` holds the data behind room for its head, where it does. */
async function send(id: number, task: RequestTask, data: Buffer, read: FileRead | null, memory: Buffer | null = null): Promise<boolean> {
  let sentBytes = 0;
  let toldAtMs = performance.now();
  const onSent = (bytes: number): void => {
    sentBytes = bytes;
    const nowMs = performance.now();
    // The end is always told: a cancel that comes between it and the answer has to know.
    if (read === null && bytes === 0 || bytes < data.length && nowMs - toldAtMs < tellEveryMs) return;
    toldAtMs = nowMs;
    outbox.add({ id, kind: 'progress', sentBytes, read });
  };
  let aborted = false;
  let flight: BodyFlight | null = null;
  aborts.set(id, () => {
    aborted = true;
    flight?.abort();
  });
  try {
    if (task.proxy !== null) await agents.prepare(task.proxy);
    const reply = await withSystemTrust(() => {
      if (aborted) throw new Error('aborted');
      flight = (memory && sendWhole(task, memory, data.length, onSent)) ?? sendBody(agents, { ...task, throttle, data, onSent });
      return flight.reply;
    });
    outbox.add({ id, kind: 'reply', reply, sentBytes, read });
    return true;
  } catch (error) {
    outbox.add({ id, kind: 'failed', failure: asData(error), sentBytes });
    return false;
  } finally {
    aborts.delete(id);
  }
}

/** null where it has to go through a proxy, below a limit, or in slices. */
function sendWhole({ head, proxy, stallMs }: RequestTask, memory: Buffer, bytes: number, onSent: (bytes: number) => void): BodyFlight | null {
  if (proxy !== null || throttle.limit !== null || bytes > wholeBytes) return null;
  return sockets.put({ head, memory, bytes, stallMs, onSent: () => { onSent(bytes); } });
}

function asData(error: unknown): SendFailure {
  const { message = String(error), code } = error instanceof Error ? error as NodeJS.ErrnoException : {};
  return {
    message,
    code: typeof code === 'string' ? code : null,
    problem: error instanceof FerryError ? error.problem : null,
    stalled: error instanceof Stalled,
  };
}
