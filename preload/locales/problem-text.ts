import type { Problem } from '../contract.ts';
import type { Translator } from './translator.ts';

/** A problem in words: what happened, and what to do about it. */
export interface ProblemText {
  readonly what: string;
  readonly todo: string;
}

/** The words of a problem, with its params filled in. */
export function problemText(t: Translator, problem: Problem): ProblemText {
  // Which params a code needs is known only at run time, so the keys are looked up untyped.
  const lookUp = t as unknown as (key: string, params: Problem['params']) => string;
  return {
    what: lookUp(`problems:${problem.code}.what`, problem.params),
    todo: lookUp(`problems:${problem.code}.todo`, problem.params),
  };
}
