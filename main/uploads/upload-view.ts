import type { UploadView } from '../../preload/contract.ts';
import { sandboxAccountId } from '../settings/settings.ts';
import type { Upload } from './upload.ts';
import { isFinished, type UploadProgress } from './upload-state.ts';

/** The upload as the window shows it. */
export function uploadView(upload: Upload, nowMs: number): UploadView {
  const { plan, state } = upload;
  const progress = 'progress' in state ? state.progress : null;
  const moving = state.phase === 'uploading';
  const bytesPerSecond = moving ? upload.speed.bytesPerSecond(nowMs) : null;
  const object = state.phase === 'done' ? state.object : null;
  return {
    id: upload.id,
    sourceId: upload.sourceId,
    name: plan.name,
    service: plan.destination.service,
    packed: plan.packed,
    phase: state.phase,
    fraction: object ? 1 : progress ? fractionOf(progress) : 0,
    bytesSent: object?.size ?? progress?.bytesSent ?? 0,
    bytesTotal: object?.size ?? progress?.bytesTotal ?? null,
    sourceBytes: state.phase === 'done' ? state.sourceBytes : progress?.sourceBytes ?? null,
    bytesPerSecond,
    secondsLeft: moving && progress ? secondsLeft(progress, bytesPerSecond) : null,
    object,
    objectIsLocal: plan.account.id === sandboxAccountId && object !== null,
    notice: isFinished(state) && state.phase !== 'done' ? null : upload.notice,
    problem: state.phase === 'failed' ? state.problem : null,
    leftBehind: (state.phase === 'failed' || state.phase === 'cancelled' ? state.leftBehind : null) ?? upload.partsLeft,
    timeline: upload.timeline,
    startedAtMs: 'startedAtMs' in state ? state.startedAtMs : null,
    finishedAtMs: 'finishedAtMs' in state ? state.finishedAtMs : null,
  };
}

/** By what the sent bytes stand for on disk: a package's own size is not known before it is packed. */
export function fractionOf(progress: UploadProgress): number {
  if (progress.sourceBytes > 0) return Math.min(1, progress.sourceBytesSent / progress.sourceBytes);
  return progress.bytesTotal !== null && progress.bytesSent >= progress.bytesTotal ? 1 : 0;
}

function secondsLeft(progress: UploadProgress, bytesPerSecond: number | null): number | null {
  if (bytesPerSecond === null || bytesPerSecond <= 0) return null;
  const fraction = fractionOf(progress);
  const total = progress.bytesTotal ?? (fraction > 0.01 ? progress.bytesSent / fraction : null);
  return total === null ? null : Math.max(0, total - progress.bytesSent) / bytesPerSecond;
}
