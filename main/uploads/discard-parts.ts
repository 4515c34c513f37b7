import { abandonable } from '../abandonable.ts';
import type { Account } from '../credentials/account.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import { covers, type TemporaryCredential } from '../credentials/temporary-credential.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import { retry } from '../retry.ts';
import { storeRetries, type Line } from '../transfer/line.ts';
import { StoreError, type ObjectStore } from '../transfer/object-store.ts';
import type { BegunCredentials } from './begun-credentials.ts';
import { isGone } from './gone-account.ts';
import type { JournalEntry, JournaledMultipart } from './journal-entry.ts';

export interface DiscardDeps {
  readonly credentials: CredentialDesk;
  readonly begun: BegunCredentials;
  readonly storeFor: (account: Account, credential: TemporaryCredential) => ObjectStore;
  readonly line: Line;
  /** The cloud's time. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

export type Discardable = Pick<JournalEntry, 'id' | 'destination' | 'name'> & { readonly multipart: JournaledMultipart };

/**
 * Aborts the multipart upload of an upload that was given up, however long the link takes to come
 * back. Throws `abort-failed` where no key may do that any more; with anything else it is worth
 * another try at the next start.
 */
export async function discardParts(given: Discardable, account: Account, deps: DiscardDeps): Promise<void> {
  const { multipart } = given;
  const begunUnder = await abandonable(deps.begun.recall(given.id), deps.signal);
  if (begunUnder && deps.now() < begunUnder.expiresAtMs && covers(begunUnder, multipart.key, multipart)) {
    if (await abort(multipart, deps.storeFor(account, begunUnder), deps) === null) return;
  }
  if (isGone(account)) throw new FerryError({ code: 'abort-failed', detail: multipart.key });
  const fresh = await abandonable(deps.credentials.brokerFor(account, given.destination, given.name).get(), deps.signal);
  if (!covers(fresh, multipart.key, multipart)) throw new FerryError({ code: 'abort-failed', detail: multipart.key });
  const refusal = await abort(multipart, deps.storeFor(account, fresh), deps);
  if (refusal) throw new FerryError({ ...refusal.problem, code: 'abort-failed' }, { cause: refusal });
}

/** The refusal that no other try would change; null once there is nothing to abort any more. */
async function abort(multipart: JournaledMultipart, store: ObjectStore, { line, signal }: DiscardDeps): Promise<StoreError | null> {
  try {
    await retry(() => store.abortMultipart(multipart.key, multipart.uploadId, signal), storeRetries(line, signal));
    return null;
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind === 'transient') throw error;
    return error.kind === 'no-such-upload' ? null : error;
  }
}

/** Whether it is known that nobody can abort those parts, so that trying again would be idle. */
export function isOutOfReach(error: unknown): boolean {
  return toProblem(error).code === 'abort-failed';
}
