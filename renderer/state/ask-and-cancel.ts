import type { UploadView } from '../../preload/contract.ts';
import type { WindowContext } from './window-context.ts';

/** From here on, a slip of the hand costs minutes of sending, so it is asked first. */
const muchBytes = 1e9;

/** Cancels uploads; asks, under this title, before what was sent would be much to lose. */
export function askAndCancel(
  { store, words, questions }: Pick<WindowContext, 'store' | 'words' | 'questions'>,
  title: string,
  uploads: readonly UploadView[],
): void {
  const ids = uploads.map(({ id }) => id);
  const bytesSent = uploads.reduce((sum, upload) => sum + upload.bytesSent, 0);
  if (bytesSent < muchBytes) {
    store.cancel(ids);
    return;
  }
  questions.ask({
    title,
    text: words.t('cancelQuestion.text', { size: words.bytes(bytesSent) }),
    confirm: words.t('cancelQuestion.confirm'),
    keep: words.t('cancelQuestion.keep'),
    onConfirm: () => store.cancel(ids),
  });
}
