import { FerryError } from '../ferry-error.ts';
import { retry } from '../retry.ts';
import { worthAnotherTry } from './line.ts';
import { StoreError } from './object-store.ts';
import type { PartsSummary } from './parts.ts';
import type { Asking } from './sending.ts';

const tries = 3;

/**
 * Asks once more for an object that the store has confirmed already, where HEAD is allowed. Throws
 * `not-verified` where it is not there, or is another. No answer says nothing against it.
 */
export async function confirmStored(asking: Asking, summary: PartsSummary): Promise<void> {
  const head = await retry(() => asking.store.headObject(asking.key, asking.signal), {
    ...asking.retryOptions,
    attempts: tries,
    worth: (error) => worthAnotherTry(error) === 'no' ? 'no' : 'some',
  }).catch((error: unknown) => {
    if (error instanceof StoreError && error.status === 404) throw new FerryError({ code: 'not-verified', params: { expected: summary.crc64, actual: '–' } });
    return null;
  });
  if (!head) return;
  const differs = head.size !== summary.bytes || (head.crc64 !== null && head.crc64 !== summary.crc64);
  if (!differs) return;
  throw new FerryError({
    code: 'not-verified',
    params: { expected: summary.crc64, actual: head.crc64 ?? '–' },
    requestId: head.requestId,
    detail: `The object has ${head.size} bytes; ${summary.bytes} were sent.`,
  });
}
