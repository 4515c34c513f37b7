const windowMs = 5_000;
const leastMs = 700;

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** Speed over the last five seconds, from running totals. */
export class SpeedMeter {
  #samples: Sample[] = [];

  /** `bytes` is a running total; one that falls (an upload that starts over) begins anew. */
  record(bytes: number, atMs: number): void {
    const last = this.#samples.at(-1);
    if (last && bytes < last.bytes) this.#samples = [];
    // Many small steps would only make the window long.
    if (last && atMs - last.atMs < 100 && this.#samples.length > 1) this.#samples.pop();
    this.#samples.push({ atMs, bytes });
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) > windowMs) this.#samples.shift();
  }

  /** Bytes a second, null while there is too little to tell. */
  bytesPerSecond(nowMs: number): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || nowMs - first.atMs < leastMs) return null;
    return ((last.bytes - first.bytes) * 1000) / Math.max(nowMs - first.atMs, 1);
  }

  reset(): void {
    this.#samples = [];
  }
}
