import { dialog } from 'electron';
import type { UpdateAnswer } from './updates.ts';
import type { Words } from './words.ts';

/** Asks whether and when to install a version. Escape and closing the question leave everything as it is. */
export async function askToUpdate(version: string, current: string, { t }: Words): Promise<'now' | 'when-quitting' | 'later'> {
  const choices = ['now', 'when-quitting', 'later'] as const;
  const { response } = await dialog.showMessageBox({
    type: 'info',
    message: t('shell:update.message', { version }),
    detail: t('shell:update.detail', { current }),
    buttons: [t('shell:update.now'), t('shell:update.whenQuitting'), t('shell:update.later')],
    defaultId: choices.indexOf('when-quitting'),
    cancelId: choices.indexOf('later'),
    noLink: true,
  });
  return choices[response] ?? 'later';
}

/** What came of looking for updates, for whoever has asked. */
export function tellOfUpdate(answer: UpdateAnswer, current: string, { t }: Words): void {
  const details = { newest: t('shell:update.newestDetail', { current }), failed: t('shell:update.failedDetail'), untrusted: t('shell:update.untrustedDetail') };
  void dialog.showMessageBox({
    type: answer === 'newest' ? 'info' : 'warning',
    message: t(`shell:update.${answer}`),
    detail: details[answer],
    buttons: [t('shell:update.ok')],
    noLink: true,
  });
}
