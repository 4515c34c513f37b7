import { setTimeout as sleep } from 'node:timers/promises';
import type { ArrivedRequest, SandboxFaults } from '../../main/sandbox/sandbox.ts';

/** Holds requests back, so that a test can look at an upload while one is on its way. */
export class Gates {
  readonly #closed = new Set<string>();
  readonly #held = new Map<string, number>();
  /** Every request of this operation takes so long. */
  readonly delaysMs = new Map<string, number>();
  /** Answers in the sandbox's place where it settles with true. */
  readonly answers = new Map<string, (request: ArrivedRequest) => boolean | Promise<boolean>>();

  readonly faults: SandboxFaults = async (request) => {
    const { operation } = request;
    this.#held.set(operation, (this.#held.get(operation) ?? 0) + 1);
    while (this.#closed.has(operation)) await sleep(5);
    await sleep(this.delaysMs.get(operation) ?? 0);
    return await this.answers.get(operation)?.(request) ?? false;
  };

  /** From now on requests of this operation wait. */
  close(operation: string): void {
    this.#closed.add(operation);
  }

  open(operation: string): void {
    this.#closed.delete(operation);
  }

  /** How many requests of this operation have come. */
  count(operation: string): number {
    return this.#held.get(operation) ?? 0;
  }

  async reached(operation: string, count = 1): Promise<void> {
    while (this.count(operation) < count) await sleep(5);
  }
}
