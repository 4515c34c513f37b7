/** How many seconds are kept. */
const mostSeconds = 180;

/** What went over the line for an upload, second by second, over its last three minutes. */
export class SpeedHistory {
  /** Seconds in which nothing went are left out. */
  #seconds: { readonly second: number; bytes: number }[] = [];
  #total = 0;

  /** `total` is a running total. */
  record(total: number, atMs: number): void {
    const bytes = Math.max(0, total - this.#total);
    this.#total = total;
    const second = Math.floor(atMs / 1000);
    const last = this.#seconds.at(-1);
    // A clock that was set back does not make time run backwards.
    if (last && second <= last.second) last.bytes += bytes;
    else this.#seconds.push({ second, bytes });
    const from = second - mostSeconds;
    if ((this.#seconds[0]?.second ?? second) < from) this.#seconds = this.#seconds.filter((each) => each.second >= from);
  }

  /** Bytes of each whole second up to `untilMs`, the last one last; of the second that still runs nothing is told. */
  bytesPerSecond(untilMs: number): readonly number[] {
    const first = this.#seconds[0]?.second;
    if (first === undefined) return [];
    const end = Math.floor(untilMs / 1000);
    const from = Math.max(first, end - mostSeconds);
    const speeds = Array.from({ length: Math.max(0, end - from) }, () => 0);
    for (const { second, bytes } of this.#seconds) {
      const index = second - from;
      if (index >= 0 && index < speeds.length) speeds[index] = bytes;
    }
    return speeds;
  }
}
