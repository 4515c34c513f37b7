import { availableParallelism } from 'node:os';
import type { Connections } from '../connections.ts';
import type { HttpHead, HttpReply } from '../http-agents.ts';
import type { NamedFile, SourceFile } from '../package/source-file.ts';
import { lanes } from './md5-code.ts';
import type { PartBuffer } from './part-buffers.ts';
import { isHashing, type FileRead, type PartHashes, type PartTask, type SendTask } from './send-messages.ts';
import { SendThread, ThreadDied, type OnSent, type SendAnswer } from './send-thread.ts';
import type { Throttle } from './throttle.ts';

export interface SendCrewOptions {
  readonly connections: Connections;
  readonly throttle: Throttle;
  /** Begins a thread; default a send worker. */
  readonly begin?: (onEnd: () => void) => SendThread;
  /** Threads at most; default as many as there are cores, up to four. */
  readonly most?: number;
}

export interface CrewSend {
  readonly head: HttpHead;
  /** Gives the request up when no byte has moved for so long. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  /** Bytes of the body handed to the connection so far; about ten times a second. */
  readonly onSent?: OnSent;
}

const mostThreads = 4;
// While a thread hashes as many as it can together, a quarter as many more are read or wait for their place.
const mostAhead = lanes * 1.25;
const mostHashing = lanes * 2;
// With more to send at once the line is quick enough for another thread.
const mostTasks = lanes * 4;
// With no more cores than this, packing is at all of them.
const packingThreads = 2;
const mostDeaths = 3;
const idleMs = 30_000;
// What a small file may hold its thread up, on average, while it is read: from a disk's cache it is a tenth.
const slowReadMs = 1;
const readWeight = 0.05;

/**
 * The threads that read, hash and send parts, so that none of it is done where the window is served.
 * They are begun when there is work, end when there has been none for a while, and never keep a
 * process alive by themselves. What a thread was at when it died is done again by another.
 */
export class SendCrew {
  readonly #options: SendCrewOptions;
  readonly #threads = new Set<SendThread>();
  readonly #most: number;
  #joined = 0;
  #idle: NodeJS.Timeout | null = null;
  /** Done when those that were sent home are gone. */
  #resting: Promise<unknown> = Promise.resolve();
  #closed = false;
  #readMs = 0;

  constructor(options: SendCrewOptions) {
    this.#options = options;
    this.#most = options.most ?? Math.min(mostThreads, availableParallelism());
  }

  /** One more has many parts to be hashed, until the returned function is called, once. */
  join(): () => void {
    this.#joined += 1;
    return () => { this.#joined -= 1; };
  }

  /** How many parts each of those who have joined should have made in advance: what is hashed together costs less, but they share the memory. */
  get ahead(): number {
    return Math.max(this.#most, Math.floor(mostAhead / Math.max(1, this.#joined)));
  }

  /** Begins the threads before there is work for them: one where all of it is small files, or a package. */
  warm(most = this.#most): void {
    while (!this.#closed && this.#threads.size < Math.min(most, this.#most)) this.#begin();
    this.#rest();
  }

  /** Opens so many connections to a host before there is something to send on them, where no proxy is in between. */
  async connect(place: Pick<HttpHead, 'protocol' | 'host'>, many: number): Promise<void> {
    if (await this.#options.connections.proxyOf(place) !== null || this.#closed) return;
    this.warm(1);
    for (const thread of this.#threads) thread.connect({ place, many: Math.ceil(many / this.#threads.size) });
  }

  /** Fills the buffer with `bytes` of a file from `position`. Throws what `readRange` throws, or the signal's reason. */
  async read(file: SourceFile, position: number, buffer: PartBuffer, bytes: number, signal: AbortSignal): Promise<PartHashes> {
    return hashesOf(await this.#onPart(buffer, { kind: 'read', memory: buffer.memory, bytes, file, position }, signal));
  }

  /** Hashes the buffer's first `bytes`. Throws the signal's reason. */
  async hash(buffer: PartBuffer, bytes: number, signal: AbortSignal): Promise<PartHashes> {
    return hashesOf(await this.#onPart(buffer, { kind: 'hash', memory: buffer.memory, bytes }, signal));
  }

  /**
   * Sends the buffer's first `bytes` as the body of one request, tried once. Rejects with Node's error
   * where no whole reply came, with Stalled, or with the signal's reason, at once.
   */
  async send(buffer: PartBuffer, bytes: number, { head, stallMs, signal, onSent }: CrewSend): Promise<HttpReply> {
    const proxy = await this.#options.connections.proxyOf(head);
    return replyOf(await this.#onPart(buffer, { kind: 'send', memory: buffer.memory, bytes, head, proxy, stallMs }, signal, onSent)).reply;
  }

  /**
   * Reads a small file, hashes it and sends it with one request, tried once; length and MD5 are added
   * to its headers. Rejects like `send`, with what `readSmallFile` throws, or with NotSmall.
   */
  async put(file: NamedFile, { head, stallMs, signal, onSent }: CrewSend): Promise<{ readonly reply: HttpReply; readonly read: FileRead }> {
    const proxy = await this.#options.connections.proxyOf(head);
    const { reply, read } = replyOf(await this.#do({ kind: 'put', file, head, proxy, stallMs }, signal, onSent));
    if (!read) throw new Error('What is put was read.');
    this.#readMs += readWeight * (read.tookMs - this.#readMs);
    return { reply, read };
  }

  /** One request with a document, or nothing, as its body, tried once. Rejects like `send`; with ThreadDied it may have been answered. */
  async ask(document: string, { head, stallMs, signal }: CrewSend): Promise<HttpReply> {
    const proxy = await this.#options.connections.proxyOf(head);
    return replyOf(await this.#do({ kind: 'ask', document, head, proxy, stallMs }, signal)).reply;
  }

  /** Ends all threads, whatever they are at. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#idle) clearTimeout(this.#idle);
    await Promise.all([this.#resting, ...[...this.#threads].map((thread) => thread.end())]);
  }

  #onPart(buffer: PartBuffer, task: PartTask, signal: AbortSignal, onSent?: OnSent): Promise<SendAnswer> {
    return this.#do(task, signal, onSent, buffer);
  }

  async #do(task: SendTask, signal: AbortSignal, onSent?: OnSent, buffer?: PartBuffer): Promise<SendAnswer> {
    for (let deaths = 0; ; deaths++) {
      signal.throwIfAborted();
      const thread = this.#thread(task);
      // The thread may be at the bytes for a moment longer than the signal is waited for.
      buffer?.retain();
      try {
        return await thread.do(task, signal, () => {
          buffer?.release();
          this.#rest();
        }, onSent);
      } catch (error) {
        if (!(error instanceof ThreadDied) || task.kind === 'ask' || deaths + 1 >= mostDeaths || this.#closed) throw error;
      }
    }
  }

  /**
   * What is hashed together costs little more than one part does, so one thread has enough of them before another gets any;
   * and what sending costs it is little beside beginning another, and beside the packing that all cores are at where there are only two.
   * A small file costs main more than its thread, so another is begun only where files come slowly, which holds a thread up.
   * One that is held up altogether gets nothing more while there is another; what it has already stays with it.
   */
  #thread(task: SendTask): SendThread {
    if (this.#closed) throw new Error('The crew has gone.');
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = null;
    const all = [...this.#threads];
    const free = all.filter(({ isHeldUp }) => !isHeldUp);
    if (isHashing(task)) {
      const filling = free.find(({ hashing }) => hashing > 0 && hashing < mostHashing);
      if (filling) return filling;
    }
    const isFull = all.length >= this.#most;
    const least = leastBusy(free.length === 0 && isFull ? all : free);
    return least && (isFull || this.#hasRoom(least, task)) ? least : this.#begin();
  }

  #hasRoom({ tasks, hashing }: SendThread, { kind }: SendTask): boolean {
    if (kind === 'put') return tasks === 0 || this.#readMs < slowReadMs;
    return this.#most <= packingThreads ? tasks < mostTasks && hashing < mostHashing : tasks === 0;
  }

  #begin(): SendThread {
    const { begin = (onEnd) => new SendThread({ throttle: this.#options.throttle.memory }, onEnd) } = this.#options;
    const thread = begin(() => { this.#threads.delete(thread); });
    this.#threads.add(thread);
    return thread;
  }

  /** Sends the threads home when nothing was to be done for a while. */
  #rest(): void {
    if (this.#closed || this.#idle || [...this.#threads].some((thread) => thread.tasks > 0)) return;
    this.#idle = setTimeout(() => {
      this.#idle = null;
      // What comes now goes to new ones: a thread that is ending would take it along.
      const threads = [...this.#threads];
      this.#threads.clear();
      this.#resting = Promise.all(threads.map((thread) => thread.end()));
    }, idleMs).unref();
  }
}

function leastBusy(threads: readonly SendThread[]): SendThread | null {
  let least: SendThread | null = null;
  for (const thread of threads) if (!least || thread.tasks < least.tasks) least = thread;
  return least;
}

function hashesOf(answer: SendAnswer): PartHashes {
  if (!('hashes' in answer)) throw new Error('What is hashed is answered with hashes.');
  return answer.hashes;
}

function replyOf(answer: SendAnswer): Exclude<SendAnswer, { readonly hashes: PartHashes }> {
  if (!('reply' in answer)) throw new Error('What is sent is answered with a reply.');
  return answer;
}
