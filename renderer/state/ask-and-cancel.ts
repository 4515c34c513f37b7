import type { WindowContext } from './window-context.ts';

/** From here on, a slip of the hand costs minutes of sending, so it is asked first. */
const muchBytes = 1e9;

/** Cancels uploads; asks before what was sent would be much to lose. */
export function askAndCancel(
  { store, words, questions }: Pick<WindowContext, 'store' | 'words' | 'questions'>,
  name: string,
  uploadIds: readonly string[],
  bytesSent: number,
): void {
  if (bytesSent < muchBytes) {
    store.cancel(uploadIds);
    return;
  }
  questions.ask({
    title: words.t('cancelQuestion.title', { name }),
    text: words.t('cancelQuestion.text', { size: words.bytes(bytesSent) }),
    confirm: words.t('cancelQuestion.confirm'),
    keep: words.t('cancelQuestion.keep'),
    onConfirm: () => store.cancel(uploadIds),
  });
}
