import { FerryError, toProblem } from '../ferry-error.ts';
import type { Log } from '../log.ts';
import type { Ferry } from '../uploads/ferry.ts';
import { credentialFailedNotice, credentialNotice } from './notices.ts';
import type { Notifier } from './notifications.ts';
import type { Words } from './words.ts';

/** Fetches a new temporary credential and tells when it ends, or why there is none. Never throws. */
export async function refetchCredential(
  ferry: Pick<Ferry, 'refreshCredential'>,
  notifier: Notifier,
  words: () => Words,
  log: Pick<Log, 'error'>,
): Promise<void> {
  try {
    notifier.show(credentialNotice(await ferry.refreshCredential(), words(), Date.now()));
  } catch (error) {
    if (!(error instanceof FerryError)) log.error('Re-fetching the credential failed unexpectedly.', error);
    notifier.show(credentialFailedNotice(toProblem(error), words()));
  }
}
