import type { UploadPhase, UploadView } from '../../preload/contract.ts';
import { isFinished } from './summary.ts';

/** A phase of an upload: over after so long, going since then, or the end it came to. */
export type PhaseSpan =
  | { readonly kind: 'over'; readonly phase: UploadPhase; readonly ms: number }
  | { readonly kind: 'going'; readonly phase: UploadPhase; readonly sinceMs: number }
  /** `atMs` is null where nobody knows since when it is so. */
  | { readonly kind: 'end'; readonly phase: UploadPhase; readonly atMs: number | null };

/** The phases of the present run, in order. */
export function phaseSpans({ phase, timeline, finishedAtMs }: Pick<UploadView, 'phase' | 'timeline' | 'finishedAtMs'>): readonly PhaseSpan[] {
  // What comes back after a restart has no timeline yet.
  if (timeline.length === 0) return [{ kind: 'end', phase, atMs: finishedAtMs }];
  return timeline.map((change, index): PhaseSpan => {
    const next = timeline[index + 1];
    if (next) return { kind: 'over', phase: change.phase, ms: Math.max(0, next.atMs - change.atMs) };
    return isFinished(change.phase) ? { kind: 'end', phase: change.phase, atMs: change.atMs } : { kind: 'going', phase: change.phase, sinceMs: change.atMs };
  });
}
