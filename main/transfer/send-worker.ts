import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { FerryError } from '../ferry-error.ts';
import { HttpAgents } from '../http-agents.ts';
import { readRange } from '../package/read-range.ts';
import { hashPart } from './hash-part.ts';
import { sendBody, Stalled } from './send-body.ts';
import type { FromSendWorker, PartHashes, SendFailure, SendTask, SendWorkerData, ToSendWorker } from './send-messages.ts';
import { Throttle } from './throttle.ts';

// As often as a person can follow.
const tellEveryMs = 100;
const hashedAtOnceBytes = 1024 * 1024;

const port = parentPort;
const throttle = new Throttle((workerData as SendWorkerData).throttle);
const agents = new HttpAgents();
const aborts = new Map<number, () => void>();
let outbox: FromSendWorker[] = [];

port?.on('message', (messages: readonly ToSendWorker[]) => {
  for (const message of messages) take(message);
});

function take(message: ToSendWorker): void {
  if (message.kind === 'abort') aborts.get(message.id)?.();
  else if (message.kind === 'send') void send(message.id, message);
  else void hash(message.id, message);
}

function tell(message: FromSendWorker): void {
  outbox.push(message);
  if (outbox.length > 1) return;
  setImmediate(() => {
    port?.postMessage(outbox);
    outbox = [];
  });
}

async function hash(id: number, task: Exclude<SendTask, { kind: 'send' }>): Promise<void> {
  try {
    tell({ id, kind: 'hashed', hashes: await hashesOf(task) });
  } catch (error) {
    tell({ id, kind: 'failed', failure: asData(error), sentBytes: 0 });
  }
}

async function hashesOf(task: Exclude<SendTask, { kind: 'send' }>): Promise<PartHashes> {
  const data = Buffer.from(task.memory, 0, task.bytes);
  const hasher = await hashPart();
  try {
    if (task.kind === 'read') await readRange(task.file, task.position, data, (piece) => { hasher.update(piece); });
    else {
      for (let start = 0; start < data.length; start += hashedAtOnceBytes) {
        // Those that are sending from this thread go on meanwhile.
        if (start > 0) await nextTurn();
        hasher.update(data.subarray(start, start + hashedAtOnceBytes));
      }
    }
    return hasher.digest();
  } finally {
    hasher.discard();
  }
}

async function send(id: number, task: Extract<SendTask, { kind: 'send' }>): Promise<void> {
  let sentBytes = 0;
  let toldAtMs = performance.now();
  try {
    const flight = sendBody(agents, {
      head: task.head, proxy: task.proxy, stallMs: task.stallMs, throttle,
      data: Buffer.from(task.memory, 0, task.bytes),
      onSent: (bytes) => {
        sentBytes = bytes;
        const nowMs = performance.now();
        // The end is always told: a cancel that comes between it and the answer has to know.
        if (bytes < task.bytes && nowMs - toldAtMs < tellEveryMs) return;
        toldAtMs = nowMs;
        tell({ id, kind: 'progress', sentBytes });
      },
    });
    aborts.set(id, () => { flight.abort(); });
    tell({ id, kind: 'reply', reply: await flight.reply, sentBytes });
  } catch (error) {
    tell({ id, kind: 'failed', failure: asData(error), sentBytes });
  } finally {
    aborts.delete(id);
  }
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
