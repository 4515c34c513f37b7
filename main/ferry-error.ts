import type { Problem } from '../preload/contract.ts';

/** A failure with words for the person: everything thrown on purpose in main is one of these. */
export class FerryError extends Error {
  readonly problem: Problem;

  constructor(problem: Omit<Problem, 'params'> & { params?: Problem['params'] }, options?: ErrorOptions) {
    super([problem.code, problem.serviceCode, problem.detail].filter(Boolean).join(': '), options);
    this.name = 'FerryError';
    this.problem = { ...problem, params: problem.params ?? {} };
  }
}

/** Any thrown value as a `Problem`; what was not thrown on purpose becomes `unexpected`. */
export function toProblem(error: unknown): Problem {
  if (error instanceof FerryError) return error.problem;
  return { code: 'unexpected', params: {}, detail: error instanceof Error ? error.message : String(error) };
}
