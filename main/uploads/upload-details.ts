import type { PartsView, RetryView, UploadDetails } from '../../preload/contract.ts';
import { objectKey } from '../credentials/temporary-credential.ts';
import { partStarts } from '../transfer/part-size.ts';
import type { Upload } from './upload.ts';
import { isFinished } from './upload-state.ts';

/** What a person who looks at one upload is told of it. */
export function uploadDetails(upload: Upload, nowMs: number): UploadDetails {
  const { state, plan, credential, multipart } = upload;
  const object = state.phase === 'done' ? state.object : null;
  const untilMs = 'finishedAtMs' in state ? state.finishedAtMs + 1000 : nowMs;
  return {
    parts: partsOf(upload),
    speeds: upload.speeds.bytesPerSecond(untilMs),
    credential: credential && { bucket: credential.bucket, region: credential.region, scope: credential.scope, expiresAtMs: credential.expiresAtMs, requestId: credential.requestId },
    key: object?.key ?? multipart?.key ?? (credential && objectKey(credential.scope, plan.name)),
    retries: retriesOf(upload),
  };
}

function partsOf({ parts, state, plan }: Upload): PartsView | null {
  if (!parts) return null;
  const bytes = state.phase === 'done' ? state.object.size : 'progress' in state ? state.progress?.bytesTotal ?? null : plan.packed ? null : plan.sizeHint;
  const total = bytes === null ? null : plan.packed ? Math.max(1, Math.ceil(bytes / parts.partBytes)) : partStarts(bytes, parts.partBytes).length;
  return { held: parts.held, inFlight: isFinished(state) ? 0 : parts.inFlight, total, partBytes: parts.partBytes };
}

/** By reason, and by the code COS answered with. */
function retriesOf({ history }: Upload): readonly RetryView[] {
  const kinds = new Map<string, RetryView>();
  for (const { what, code, serviceCode, requestId } of history) {
    if (what !== 'retry') continue;
    const reason = code === 'network-unreachable' ? 'unreachable' : code === 'network-timeout' ? 'timeout' : 'refused';
    const kind = `${reason} ${String(serviceCode)}`;
    const count = (kinds.get(kind)?.count ?? 0) + 1;
    kinds.delete(kind);
    kinds.set(kind, { reason, serviceCode: textOrNull(serviceCode), requestId: textOrNull(requestId), count });
  }
  return [...kinds.values()];
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
