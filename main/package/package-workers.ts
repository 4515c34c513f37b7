import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import workerPath from './deflate-worker.ts?modulePath';
import { JobError } from './job-error.ts';
import type { JobResults, WorkerJob, WorkerReply, WorkerRequest } from './worker-jobs.ts';

interface Task {
  readonly job: WorkerJob;
  readonly signal: AbortSignal;
  readonly resolve: (result: JobResults[keyof JobResults]) => void;
  readonly reject: (reason: unknown) => void;
  readonly sinceMs: number;
}

interface Thread {
  readonly worker: Worker;
  readonly tasks: Map<number, Task>;
}

const mostThreads = 8;
// One at work and one at hand, so that a thread need not wait for the event loop's next turn.
const tasksPerThread = 2;
const defaultIdleMs = 5000;
// A thread takes 30 ms of a core to begin, in which one that is there looks into a hundred folders.
const lookPatienceMs = 20;

/** Threads that pack, started when there is work and ended when there was none for five seconds. They keep no process alive by themselves. */
export class PackageWorkers {
  readonly threads: number;
  readonly #idleMs: number;
  #running: Thread[] = [];
  #waiting: Task[] = [];
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;
  #patient: NodeJS.Timeout | undefined;

  constructor(threads: number = Math.min(mostThreads, availableParallelism()), idleMs: number = defaultIdleMs) {
    this.threads = threads;
    this.#idleMs = idleMs;
  }

  /** Begins the first thread before there is work for it. */
  warm(): void {
    if (this.#running.length > 0) return;
    this.#start().worker.unref();
    this.#dispatch();
  }

  /** Rejects with a JobError, with the abort reason where the job's turn had not come yet, or with what ended the thread. */
  run<J extends WorkerJob>(job: J, signal: AbortSignal): Promise<JobResults[J['kind']]> {
    return new Promise<JobResults[keyof JobResults]>((resolve, reject) => {
      this.#waiting.push({ job, signal, resolve, reject, sinceMs: performance.now() });
      this.#dispatch();
      // A worker answers a job with the result of its kind.
    }) as Promise<JobResults[J['kind']]>;
  }

  #dispatch(): void {
    clearTimeout(this.#idle);
    for (let task = this.#waiting[0]; task; task = this.#waiting[0]) {
      if (task.signal.aborted) {
        this.#waiting.shift();
        task.reject(task.signal.reason);
        continue;
      }
      const thread = this.#freeThread(task);
      if (!thread) return;
      this.#waiting.shift();
      this.#give(thread, task);
    }
    if (this.#running.length > 0 && this.#running.every(({ tasks }) => tasks.size === 0)) this.#idle = setTimeout(() => this.#end(), this.#idleMs).unref();
  }

  #freeThread(task: Task): Thread | null {
    const least = this.#running.reduce<Thread | null>((best, one) => (best && best.tasks.size <= one.tasks.size ? best : one), null);
    if (least?.tasks.size === 0) return least;
    const waits = least !== null && this.#canWait(task);
    if (this.#running.length < this.threads && !waits) return this.#start();
    return least && least.tasks.size < tasksPerThread ? least : null;
  }

  /** Whether those that are there may yet get to it before another thread has begun. */
  #canWait({ job, sinceMs }: Task): boolean {
    const leftMs = sinceMs + lookPatienceMs - performance.now();
    if (job.kind !== 'look' || leftMs <= 0) return false;
    this.#patient ??= setTimeout(() => {
      this.#patient = undefined;
      this.#dispatch();
    }, Math.ceil(leftMs)).unref();
    return true;
  }

  #start(): Thread {
    const thread: Thread = { worker: new Worker(workerPath), tasks: new Map() };
    const drop = (reason: Error): void => {
      this.#running = this.#running.filter((one) => one !== thread);
      for (const task of thread.tasks.values()) task.reject(reason);
      thread.tasks.clear();
      this.#dispatch();
    };
    thread.worker.on('message', (reply: WorkerReply) => this.#take(thread, reply));
    thread.worker.on('error', drop);
    thread.worker.on('exit', (code) => drop(new Error(`A packing thread ended with code ${code}.`)));
    this.#running.push(thread);
    return thread;
  }

  #give(thread: Thread, task: Task): void {
    this.#lastId += 1;
    if (thread.tasks.size === 0) thread.worker.ref();
    thread.tasks.set(this.#lastId, task);
    thread.worker.postMessage({ id: this.#lastId, job: task.job } satisfies WorkerRequest);
  }

  #take(thread: Thread, reply: WorkerReply): void {
    const task = thread.tasks.get(reply.id);
    thread.tasks.delete(reply.id);
    if (thread.tasks.size === 0) thread.worker.unref();
    if ('result' in reply) task?.resolve(reply.result);
    else task?.reject(new JobError(reply.failure));
    this.#dispatch();
  }

  #end(): void {
    const ended = this.#running;
    // At once, so that nothing is given to a thread on its way out.
    this.#running = [];
    for (const { worker } of ended) void worker.terminate();
  }
}

/** Shared by all packages of this process. */
export const packageWorkers = new PackageWorkers();
