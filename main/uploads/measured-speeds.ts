import type { UploadsDelta } from '../../preload/contract.ts';
import type { SettingsStore } from '../settings/settings-store.ts';

// Deltas come ten times a second, or less often while many change: an average over some seconds.
const weight = 0.04;
const worthKeeping = 0.1;

/** How fast each account's line was when it was last used; kept over restarts. */
export class MeasuredSpeeds {
  readonly #settings: SettingsStore;
  readonly #accountOf: (sourceId: string) => string | undefined;
  readonly #onProblem: (error: unknown) => void;
  readonly #averages = new Map<string, number>();

  constructor(settings: SettingsStore, accountOf: (sourceId: string) => string | undefined, onProblem: (error: unknown) => void) {
    this.#settings = settings;
    this.#accountOf = accountOf;
    this.#onProblem = onProblem;
  }

  /** Bytes a second; null where nothing was ever sent. */
  of(accountId: string): number | null {
    return this.#averages.get(accountId) ?? this.#settings.value.speeds[accountId] ?? null;
  }

  note({ uploads, totals }: UploadsDelta): void {
    const speeds = new Map<string, number>();
    for (const { phase, bytesPerSecond, sourceId } of uploads) {
      if (phase !== 'uploading' || !bytesPerSecond) continue;
      const accountId = this.#accountOf(sourceId);
      if (accountId !== undefined) speeds.set(accountId, (speeds.get(accountId) ?? 0) + bytesPerSecond);
    }
    for (const [accountId, speed] of speeds) {
      const average = this.#averages.get(accountId);
      this.#averages.set(accountId, average === undefined ? speed : average + weight * (speed - average));
    }
    if (totals.unfinished === 0) void this.keep();
  }

  /** Writes down what was measured, where that differs by more than a little. */
  async keep(): Promise<void> {
    const { speeds } = this.#settings.value;
    const news = [...this.#averages].filter(([id, speed]) => Math.abs(speed / (speeds[id] ?? 0) - 1) > worthKeeping);
    if (news.length === 0) return;
    await this.#settings.update({ speeds: { ...speeds, ...Object.fromEntries(news) } }).catch(this.#onProblem);
  }
}
