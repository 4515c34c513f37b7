import type { UploadPhase, UploadView } from '../../preload/contract.ts';

/** The uploads of one source as one figure each. For a single upload these are its own values. */
export interface Summary {
  readonly phase: UploadPhase;
  readonly count: number;
  readonly done: number;
  readonly failed: number;
  /** Paused ones are unfinished too. */
  readonly unfinished: number;
  readonly paused: number;
  /** 0 to 1, by bytes, or by count where there are none. */
  readonly fraction: number;
  readonly bytesSent: number;
  /** null while any of the totals is unknown. */
  readonly bytesTotal: number | null;
  readonly sourceBytes: number | null;
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly startedAtMs: number | null;
  /** null while anything is unfinished. */
  readonly finishedAtMs: number | null;
}

const finishedPhases: ReadonlySet<UploadPhase> = new Set(['done', 'failed', 'cancelled']);

/** True once nothing more happens to an upload unless it is retried. */
export const isFinished = (phase: UploadPhase): boolean => finishedPhases.has(phase);

/** True while an upload has a place in the queue: it waits, or it will once it is resumed. */
export const isQueued = (phase: UploadPhase): boolean => phase === 'waiting' || phase === 'paused';

const pausablePhases: ReadonlySet<UploadPhase> = new Set(['waiting', 'preparing', 'uploading', 'verifying']);

/** True while an upload goes on or waits to, and can be told to stop for now. */
export const isPausable = (phase: UploadPhase): boolean => pausablePhases.has(phase);

/** Adds up the uploads of one source. */
export function summarize(uploads: readonly UploadView[]): Summary {
  const [only] = uploads;
  if (only && uploads.length === 1) return ofOne(only);

  const phases = new Map<UploadPhase, number>();
  let bytesSent = 0;
  let bytesTotal: number | null = 0;
  let bytesDone = 0;
  /** Of those that go on by themselves; null while any of their totals is unknown. */
  let bytesLeft: number | null = 0;
  let fractions = 0;
  let speed = 0;
  let startedAtMs: number | null = null;
  let finishedAtMs: number | null = null;
  for (const upload of uploads) {
    phases.set(upload.phase, (phases.get(upload.phase) ?? 0) + 1);
    const size = upload.bytesTotal ?? upload.sourceBytes;
    bytesTotal = bytesTotal === null || size === null ? null : bytesTotal + size;
    bytesSent += upload.bytesSent;
    bytesDone += upload.fraction * (size ?? 0);
    if (isPausable(upload.phase)) bytesLeft = bytesLeft === null || size === null ? null : bytesLeft + size * (1 - upload.fraction);
    fractions += upload.fraction;
    speed += upload.bytesPerSecond ?? 0;
    if (upload.startedAtMs !== null) startedAtMs = Math.min(startedAtMs ?? Infinity, upload.startedAtMs);
    if (upload.finishedAtMs !== null) finishedAtMs = Math.max(finishedAtMs ?? 0, upload.finishedAtMs);
  }
  const count = uploads.length;
  const unfinished = count - (phases.get('done') ?? 0) - (phases.get('failed') ?? 0) - (phases.get('cancelled') ?? 0);
  return {
    phase: phaseOf(phases, unfinished),
    count,
    done: phases.get('done') ?? 0,
    failed: phases.get('failed') ?? 0,
    unfinished,
    paused: phases.get('paused') ?? 0,
    fraction: bytesTotal ? bytesDone / bytesTotal : count > 0 ? fractions / count : 0,
    bytesSent,
    bytesTotal,
    sourceBytes: bytesTotal,
    bytesPerSecond: speed > 0 ? speed : null,
    secondsLeft: speed > 0 && bytesLeft !== null ? bytesLeft / speed : null,
    startedAtMs,
    finishedAtMs: unfinished > 0 ? null : finishedAtMs,
  };
}

function ofOne(upload: UploadView): Summary {
  return {
    phase: upload.phase,
    count: 1,
    done: upload.phase === 'done' ? 1 : 0,
    failed: upload.phase === 'failed' ? 1 : 0,
    unfinished: isFinished(upload.phase) ? 0 : 1,
    paused: upload.phase === 'paused' ? 1 : 0,
    fraction: upload.fraction,
    bytesSent: upload.bytesSent,
    bytesTotal: upload.bytesTotal,
    sourceBytes: upload.sourceBytes,
    bytesPerSecond: upload.bytesPerSecond,
    secondsLeft: upload.secondsLeft,
    startedAtMs: upload.startedAtMs,
    finishedAtMs: upload.finishedAtMs,
  };
}

/** The phase that says most about all of them: what still happens first, then what went wrong. */
function phaseOf(phases: ReadonlyMap<UploadPhase, number>, unfinished: number): UploadPhase {
  const order: readonly UploadPhase[] = unfinished > 0
    ? ['uploading', 'verifying', 'cancelling', 'preparing', 'pausing', 'waiting', 'paused']
    : ['failed', 'cancelled', 'done'];
  const first = order.find((phase) => phases.has(phase)) ?? 'waiting';
  // Between two files of a folder nothing may be on its way, yet the folder is not waiting.
  return first === 'waiting' && phases.has('done') ? 'uploading' : first;
}
