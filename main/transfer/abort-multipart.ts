import { retry } from '../retry.ts';
import { storeRetries } from './line.ts';
import { StoreError } from './object-store.ts';
import type { SendContent } from './sending.ts';

/** Longer than a person would wait for a cancel: for what may be an object by now, or what nobody would know of. */
export const cleanUpPatienceMs = 3_000;
/** A cancel is done within a second. */
export const cancelPatienceMs = 800;

/**
 * Leaves no parts behind. Not under the upload's own signal, which may be the very reason for it.
 * `gone`: there was nothing to abort any more. `left`: it could not be done, and was reported.
 */
export async function abortMultipart(
  send: Pick<SendContent, 'store' | 'key' | 'line' | 'onAborted' | 'onAbortFailed'>, uploadId: string, patienceMs = cleanUpPatienceMs,
): Promise<'aborted' | 'gone' | 'left'> {
  const signal = AbortSignal.timeout(patienceMs);
  let last: unknown;
  try {
    await retry(() => send.store.abortMultipart(send.key, uploadId, signal), {
      ...storeRetries(send.line, signal),
      onRetry: (error) => { last = error; },
    });
    send.onAborted(uploadId);
    return 'aborted';
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'no-such-upload') {
      send.onAborted(uploadId);
      return 'gone';
    }
    send.onAbortFailed(signal.aborted && last !== undefined ? last : error);
    return 'left';
  }
}
