import type { Totals } from '../../preload/contract.ts';
import { SpeedMeter } from './speed-meter.ts';
import type { Upload } from './upload.ts';
import { isFinished, type UploadState } from './upload-state.ts';

/** Adds up progress over a round: all uploads since the queue was last empty. */
export class TotalsMeter {
  readonly #round = new Set<Upload>();
  readonly #sentSpeed = new SpeedMeter();
  readonly #sourceSpeed = new SpeedMeter();
  #sentBytes = 0;
  #sourceBytes = 0;
  #unfinished = 0;

  /** Every upload has come to its end, or is paused. */
  get isOver(): boolean {
    return this.#unfinished === 0;
  }

  /** An upload joined the queue, or joined it again. */
  joined(upload: Upload): void {
    if (!isInRound(upload.state)) return;
    if (this.#unfinished === 0) this.#newRound();
    this.#unfinished += 1;
    this.#round.add(upload);
  }

  left(upload: Upload): void {
    this.#round.delete(upload);
  }

  /** Counts what changed between two states of one upload; `joined` counts the beginning. */
  moved(before: UploadState, after: UploadState, nowMs: number): void {
    if (isInRound(before) && !isInRound(after)) this.#unfinished -= 1;
    if (after.phase !== 'uploading' && after.phase !== 'verifying') return;
    const from = 'progress' in before ? before.progress : null;
    this.#sentBytes += Math.max(0, after.progress.bytesSent - (from?.bytesSent ?? 0));
    this.#sourceBytes += Math.max(0, after.progress.sourceBytesSent - (from?.sourceBytesSent ?? 0));
    this.#sentSpeed.record(this.#sentBytes, nowMs);
    this.#sourceSpeed.record(this.#sourceBytes, nowMs);
  }

  totals(all: Iterable<Upload>, nowMs: number): Totals {
    let [unfinished, done, failed, paused] = [0, 0, 0, 0];
    for (const { state } of all) {
      if (state.phase === 'paused') paused += 1;
      else if (!isFinished(state)) unfinished += 1;
      else if (state.phase === 'done') done += 1;
      else if (state.phase === 'failed') failed += 1;
    }
    if (unfinished === 0) return { unfinished, done, failed, paused, fraction: null, bytesPerSecond: 0, secondsLeft: null };
    const { sent, whole, unknown } = this.#roundBytes();
    const sourceSpeed = this.#sourceSpeed.bytesPerSecond(nowMs) ?? 0;
    return {
      unfinished,
      done,
      failed,
      paused,
      fraction: whole > 0 ? Math.min(1, sent / whole) : 0,
      bytesPerSecond: this.#sentSpeed.bytesPerSecond(nowMs) ?? 0,
      secondsLeft: sourceSpeed > 0 && unknown === 0 ? Math.max(0, whole - sent) / sourceSpeed : null,
    };
  }

  /** Uploads whose size is not known yet count as the average of the others. */
  #roundBytes(): { sent: number; whole: number; unknown: number } {
    let [sent, whole, known, unknown] = [0, 0, 0, 0];
    for (const { state, plan } of this.#round) {
      if (state.phase === 'cancelled' || state.phase === 'cancelling' || state.phase === 'paused') continue;
      const progress = 'progress' in state ? state.progress : null;
      const bytes = (state.phase === 'done' ? state.sourceBytes : progress?.sourceBytes) ?? plan.sizeHint;
      if (bytes === null) {
        if (isFinished(state)) continue;
        unknown += 1;
        continue;
      }
      // An empty file is something to do as well.
      const weight = Math.max(bytes, 1);
      known += 1;
      whole += weight;
      sent += isFinished(state) ? weight : Math.min(weight, progress?.sourceBytesSent ?? 0);
    }
    whole += unknown * (known > 0 ? whole / known : 1);
    return { sent, whole, unknown };
  }

  #newRound(): void {
    this.#round.clear();
    this.#sentSpeed.reset();
    this.#sourceSpeed.reset();
  }
}

/** Still to be brought to an end; what is paused is nobody's turn. */
function isInRound(state: UploadState): boolean {
  return !isFinished(state) && state.phase !== 'paused';
}
