import { toProblem } from '../ferry-error.ts';
import type { Ferry } from '../uploads/ferry.ts';
import type { Log } from '../log.ts';
import { linkFailedNotice, linkRefusedNotice, linkTakenNotice } from './notices.ts';
import type { Notifier } from './notifications.ts';
import { parseLink } from './open-link.ts';
import type { Words } from './words.ts';

interface FollowOptions {
  readonly ferry: Pick<Ferry, 'appState' | 'setDestination'>;
  readonly notifier: Notifier;
  readonly words: () => Words;
  readonly log: Pick<Log, 'warn'>;
}

/** Fills in the destination that a link names, for the account in use, and says so, or why it did not: it may be locked. It starts nothing. */
export async function followLink(link: string, { ferry, notifier, words, log }: FollowOptions): Promise<void> {
  const wanted = parseLink(link);
  try {
    if (wanted === null) {
      notifier.show(linkRefusedNotice(words()));
      return;
    }
    await ferry.setDestination({ ...ferry.appState().destination, ...wanted });
    const { destination, accounts, accountId } = ferry.appState();
    notifier.show(linkTakenNotice(destination, accounts.find(({ id }) => id === accountId)?.label ?? '', words()));
  } catch (error) {
    log.warn('A link could not be followed.', error);
    notifier.show(linkFailedNotice(toProblem(error), words()));
  }
}
