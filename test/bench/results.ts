import { arch, cpus, release, totalmem } from 'node:os';
import type { Case } from './cases.ts';
import type { Goal } from './goal.ts';
import type { Figures } from './measure.ts';
import type { CaseResult } from './run-case.ts';

/** A case as it is told: medians, and what they come to beside what must be reached. */
export interface CaseReport {
  readonly name: string;
  readonly title: string;
  /** Why the whole case was not run; null where it was. */
  readonly skipped: string | null;
  readonly bytes: number;
  readonly files: number;
  readonly sinkMegabytesPerSecond: number | null;
  readonly contenders: readonly ContenderReport[];
  readonly goals: readonly GoalReport[];
}

export interface ContenderReport {
  readonly name: string;
  /** Why there are no figures of it; null where there are. */
  readonly skipped: string | null;
  readonly median: Figures | null;
  readonly runs: readonly Figures[];
}

export interface GoalReport {
  readonly what: string;
  readonly bound: Goal['bound'];
  readonly limit: number;
  /** The median over all runs, each paired with its peer in the same run; null where it could not be measured. */
  readonly measured: number | null;
  readonly met: boolean | null;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown', cores: all.length, memoryGigabytes: Math.round(totalmem() / 1e9),
    system: `${process.platform} ${release()} ${arch()}`, node: process.version,
  };
}

export function caseReport(one: Case, { data, runs, skipped, sinkMegabytesPerSecond }: CaseResult): CaseReport {
  return {
    name: one.name, title: one.title, skipped: null, bytes: data.bytes, files: data.files, sinkMegabytesPerSecond,
    contenders: one.contenders.map(({ name }) => {
      const figures = runs.flatMap((run) => run.get(name) ?? []);
      return { name, skipped: skipped.get(name) ?? null, median: medianFigures(figures), runs: figures };
    }),
    goals: one.goals(data.bytes).map((goal) => {
      const measured = median(runs.map((run) => goal.measured(run)));
      return { what: goal.what, bound: goal.bound, limit: goal.limit, measured, met: measured === null ? null : goal.bound === 'at most' ? measured <= goal.limit : measured >= goal.limit };
    }),
  };
}

export function skippedCase({ name, title }: Case, why: string): CaseReport {
  return { name, title, skipped: why, bytes: 0, files: 0, sinkMegabytesPerSecond: null, contenders: [], goals: [] };
}

function medianFigures(runs: readonly Figures[]): Figures | null {
  const wallSeconds = median(runs.map((run) => run.wallSeconds));
  return wallSeconds === null ? null : {
    wallSeconds,
    cpuSeconds: median(runs.map((run) => run.cpuSeconds)),
    peakMegabytes: median(runs.map((run) => run.peakMegabytes)),
    archiveBytes: median(runs.map((run) => run.archiveBytes)),
  };
}

/** Null where there is nothing, or a value is missing. */
export function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0 || known.length < values.length) return null;
  const middle = known.length >> 1;
  const upper = known[middle] ?? NaN;
  return known.length % 2 === 1 ? upper : ((known[middle - 1] ?? NaN) + upper) / 2;
}
