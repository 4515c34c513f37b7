import type { Problem, Reply } from '../../preload/contract.ts';

/** A value that main keeps, and what was asked for while main has not confirmed it, so that two quick changes both count. */
export class Wanted<T extends object> {
  readonly #current: () => T | undefined;
  readonly #ask: (value: T) => Promise<Reply<void>>;
  #wanted: T | null = null;
  #requests = 0;

  constructor(current: () => T | undefined, ask: (value: T) => Promise<Reply<void>>) {
    this.#current = current;
    this.#ask = ask;
  }

  /** As it will be once main has confirmed everything. */
  get latest(): T | undefined {
    return this.#wanted ?? this.#current();
  }

  /** Asks for part of it to be changed; answers the problem main found with it. */
  async change(change: Partial<T>): Promise<Problem | null> {
    const current = this.latest;
    if (!current) return null;
    this.#wanted = { ...current, ...change };
    this.#requests += 1;
    const reply = await this.#ask(this.#wanted);
    this.#requests -= 1;
    if (this.#requests === 0 || !reply.ok) this.#wanted = null;
    return reply.ok ? null : reply.problem;
  }
}
