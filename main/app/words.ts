import type { Language, Problem } from '../../preload/contract.ts';
import { problemText } from '../../preload/locales/problem-text.ts';
import type { ProblemText } from '../../preload/locales/problem-text.ts';
import { createTranslator } from '../../preload/locales/translator.ts';
import type { Translator } from '../../preload/locales/translator.ts';
import type { Ferry } from '../uploads/ferry.ts';

/** The app's words in the language of the moment. */
export interface Words {
  readonly language: Language;
  readonly t: Translator;
  /** What happened, and what to do about it. */
  problem(problem: Problem): ProblemText;
}

/** One language's words. */
export function wordsIn(language: Language): Words {
  const t = createTranslator(language);
  return {
    language,
    t,
    problem: (problem) => problemText(t, problem),
  };
}

/** The words of the language the app is in: ask each time, since the person may switch. */
export function createWords(ferry: Pick<Ferry, 'appState'>): () => Words {
  let words = wordsIn(ferry.appState().language);
  return () => {
    const { language } = ferry.appState();
    if (words.language !== language) words = wordsIn(language);
    return words;
  };
}
