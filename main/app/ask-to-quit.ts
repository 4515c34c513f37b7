import { dialog } from 'electron';
import type { BrowserWindow, MessageBoxOptions } from 'electron';
import type { QuitQuestion } from './quit-question.ts';
import type { Words } from './words.ts';

/** Asks whether to quit with uploads unfinished; true quits. Enter, Escape and closing the question keep uploading. */
export async function askToQuit(question: QuitQuestion, window: BrowserWindow | null, { t }: Words): Promise<boolean> {
  const keep = 0;
  const options: MessageBoxOptions = {
    type: 'warning',
    ...question,
    buttons: [t('shell:quit.keep'), t('shell:quit.quit')],
    defaultId: keep,
    cancelId: keep,
    noLink: true,
  };
  // A hidden window would hide the question with it.
  const visible = window !== null && window.isVisible() ? window : null;
  const { response } = await (visible === null ? dialog.showMessageBox(options) : dialog.showMessageBox(visible, options));
  return response !== keep;
}
