import type { Worker } from 'node:worker_threads';
import type { HttpReply } from '../http-agents.ts';
import { FerryError } from '../ferry-error.ts';
import { Outbox } from './outbox.ts';
import { Stalled } from './send-body.ts';
import { isHashing, type Connect, type FileRead, type FromSendWorker, type PartHashes, type SendFailure, type SendTask, type ToSendWorker } from './send-messages.ts';
import { takeSendWorker } from './send-worker-begin.ts';
import type { ThrottleMemory } from './throttle.ts';

export type SendAnswer = { readonly hashes: PartHashes } | { readonly reply: HttpReply; readonly read: FileRead | null };

export type OnSent = (bytes: number, read: FileRead | null) => void;

/** The file is not small any more; nothing was sent. */
export class NotSmall extends Error {
  constructor() {
    super('The file is not small.');
    this.name = 'NotSmall';
  }
}

/** The thread is gone, and with it the answer. */
export class ThreadDied extends Error {
  constructor(cause: unknown) {
    super('The thread has died.', { cause });
    this.name = 'ThreadDied';
  }
}

interface Task {
  readonly hashes: boolean;
  readonly answer: (answer: SendAnswer) => void;
  readonly fail: (error: unknown) => void;
  readonly over: () => void;
  readonly onSent: OnSent | undefined;
  sentBytes: number;
}

// Of small files it tells something every few milliseconds; before its first word it takes 60.
const silentMs = 250;

/** One send worker, and what it is at. */
export class SendThread {
  readonly #worker: Worker;
  readonly #tasks = new Map<number, Task>();
  /** Small files of which nothing was told yet. */
  readonly #unread = new Set<number>();
  readonly #outbox = new Outbox<ToSendWorker>((messages) => { this.#worker.postMessage(messages); });
  #lastId = 0;
  #heardAtMs = 0;
  #death: ThreadDied | null = null;
  #ending = false;

  /** `onEnd` is called once, when it takes no more tasks. */
  constructor({ throttle }: { readonly throttle: ThrottleMemory }, onEnd: () => void) {
    this.#worker = takeSendWorker();
    this.#worker.postMessage([{ id: 0, kind: 'throttle', memory: throttle } satisfies ToSendWorker]);
    let cause: unknown = null;
    this.#worker.on('message', (messages: readonly FromSendWorker[]) => {
      this.#heardAtMs = performance.now();
      for (const message of messages) this.#take(message);
    });
    this.#worker.on('error', (error) => { cause = error; });
    this.#worker.once('exit', () => {
      const death = new ThreadDied(cause);
      this.#death = death;
      onEnd();
      for (const id of [...this.#tasks.keys()]) this.#end(id, (task) => { task.fail(death); });
    });
  }

  /** How many parts it is reading and hashing. */
  get hashing(): number {
    return [...this.#tasks.values()].filter(({ hashes }) => hashes).length;
  }

  /** How many tasks it is at. */
  get tasks(): number {
    return this.#tasks.size;
  }

  /** Whether it is silent with a small file to be read: on a share that is gone, a read holds the whole thread for as long as the system likes. */
  get isHeldUp(): boolean {
    return this.#unread.size > 0 && performance.now() - this.#heardAtMs >= silentMs;
  }

  /** Rejects with ThreadDied where the thread is gone, and at once with the signal's reason; `onOver` is called when the thread has let go of the memory. */
  do(task: SendTask, signal: AbortSignal, onOver: () => void, onSent?: OnSent): Promise<SendAnswer> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise<SendAnswer>((resolve, reject) => {
      const giveUp = (): void => {
        reject(signal.reason as Error);
        this.#outbox.add({ id, kind: 'abort' });
      };
      signal.addEventListener('abort', giveUp, { once: true });
      if (this.#tasks.size === 0) this.#worker.ref();
      if (task.kind === 'put') {
        // It may have had nothing to tell before.
        if (this.#unread.size === 0) this.#heardAtMs = performance.now();
        this.#unread.add(id);
      }
      this.#tasks.set(id, {
        hashes: isHashing(task),
        answer: resolve, fail: reject, onSent, sentBytes: 0,
        over: () => {
          signal.removeEventListener('abort', giveUp);
          onOver();
        },
      });
      if (this.#death) this.#end(id, (held) => { held.fail(this.#death); });
      else this.#outbox.add({ id, ...task });
    });
  }

  /** Opens connections before there is something to send on them. */
  connect(ahead: Omit<Connect, 'kind'>): void {
    this.#outbox.add({ id: 0, kind: 'connect', ...ahead });
  }

  /** Keeps the process alive until the thread is gone, so that whoever waits for it hears of that. */
  async end(): Promise<void> {
    this.#ending = true;
    await this.#worker.terminate();
  }

  #take(message: FromSendWorker): void {
    const task = this.#tasks.get(message.id);
    this.#unread.delete(message.id);
    // The last ones are told with the answer again.
    if (task && 'sentBytes' in message && message.sentBytes !== task.sentBytes) {
      task.sentBytes = message.sentBytes;
      task.onSent?.(message.sentBytes, 'read' in message ? message.read : null);
    }
    if (message.kind === 'progress') return;
    this.#end(message.id, ({ answer, fail }) => {
      if (message.kind === 'failed') fail(errorOf(message.failure));
      else if (message.kind === 'not-small') fail(new NotSmall());
      else answer(message);
    });
  }

  #end(id: number, how: (task: Task) => void): void {
    const task = this.#tasks.get(id);
    if (!task) return;
    this.#tasks.delete(id);
    if (this.#tasks.size === 0 && !this.#ending) this.#worker.unref();
    how(task);
    task.over();
  }
}

function errorOf({ message, code, problem, stalled }: SendFailure): Error {
  if (problem) return new FerryError(problem);
  if (stalled) return new Stalled();
  return Object.assign(new Error(message), code === null ? {} : { code });
}
