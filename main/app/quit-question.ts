import type { Words } from './words.ts';

/** The words of the question whether to quit with uploads unfinished. */
export interface QuitQuestion {
  readonly message: string;
  readonly detail: string;
}

/** `resumesAtStart`: what is unfinished goes on by itself the next time. */
export function quitQuestion(unfinished: number, resumesAtStart: boolean, { t }: Words): QuitQuestion {
  return {
    message: t('shell:quit.message', { count: unfinished }),
    detail: resumesAtStart ? t('shell:quit.detail') : t('shell:quit.detailPaused'),
  };
}
