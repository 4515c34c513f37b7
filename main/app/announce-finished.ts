import type { Ferry } from '../uploads/ferry.ts';
import { schedule } from './at-most-every.ts';
import type { Schedule } from './at-most-every.ts';
import { watchFinishedSources } from './finished-sources.ts';
import type { FinishedSource } from './finished-sources.ts';
import { finishedNotice } from './notices.ts';
import type { Notifier } from './notifications.ts';
import type { Words } from './words.ts';

/** What finishes within this time is told in one notification. */
const gatherMs = 1_500;

interface AnnounceOptions {
  readonly ferry: Pick<Ferry, 'subscribe' | 'uploads' | 'retryUploads' | 'readAgain'>;
  readonly notifier: Notifier;
  readonly words: () => Words;
  readonly show: () => void;
  /** True while the person looks at the window, which shows it all itself. */
  readonly isWatched: () => boolean;
  readonly wait?: Schedule;
}

/** Tells once of each drop that finished, arrived or failed, in a notification while nobody looks at the window. */
export function announceFinished({ ferry, notifier, words, show, isWatched, wait = schedule }: AnnounceOptions): void {
  const watch = watchFinishedSources();
  // What had finished before is no news.
  watch(ferry.uploads());

  let gathered: FinishedSource[] = [];
  const tell = (): void => {
    const notice = finishedNotice(gathered, words());
    const failedIds = gathered.flatMap((source) => source.failedIds);
    const unreadIds = gathered.flatMap(({ unreadId }) => unreadId ?? []);
    gathered = [];
    if (notice === null || isWatched()) return;
    const { t } = words();
    const retry = {
      label: t('shell:notice.retry'),
      run(): void {
        void ferry.retryUploads(failedIds);
        void ferry.readAgain(unreadIds);
      },
    };
    notifier.show({ ...notice, actions: [...(failedIds.length + unreadIds.length > 0 ? [retry] : []), { label: t('shell:notice.show'), run: show }] });
  };
  ferry.subscribe('uploads', (delta) => {
    const finished = watch(delta);
    if (finished.length === 0) return;
    if (gathered.length === 0) wait(tell, gatherMs);
    gathered.push(...finished);
  });
}
