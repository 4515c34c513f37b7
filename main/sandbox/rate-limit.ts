/** Counts requests by name over the last second. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #acceptedAtMs = new Map<string, number[]>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** False when one more request of that name would exceed the limit; it is then not counted. */
  accept(name: string, nowMs: number): boolean {
    const recent = (this.#acceptedAtMs.get(name) ?? []).filter((atMs) => Math.abs(nowMs - atMs) < 1000);
    const accepted = recent.length < this.#perSecond;
    if (accepted) recent.push(nowMs);
    this.#acceptedAtMs.set(name, recent);
    return accepted;
  }
}
