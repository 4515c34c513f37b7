import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** How often everything of a case is run, one after the other. */
  readonly runs: number;
  /** Names of cases, or the beginnings of names; none means all. */
  readonly cases: readonly string[];
  /** Small sizes: whether everything works, not how fast it is. */
  readonly quick: boolean;
  /** Where the results go as JSON; null for nowhere. */
  readonly json: string | null;
}

export const usage = `npm run bench -- [--runs N] [--case NAME]… [--quick] [--json FILE]`;

/** Throws a TypeError with a sentence where the arguments are wrong. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '5' },
      case: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  if (!/^[1-9]\d{0,2}$/.test(values.runs)) throw new TypeError(`--runs takes a number from 1, not ${values.runs}`);
  return { runs: Number(values.runs), cases: values.case, quick: values.quick, json: values.json ?? null };
}
