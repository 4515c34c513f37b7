import type { Figures } from './measure.ts';

/** What every contender of one run came to, by name. */
export type RunFigures = ReadonlyMap<string, Figures>;

/** What must be reached, as the median over all runs. */
export interface Goal {
  readonly what: string;
  readonly bound: 'at most' | 'at least';
  readonly limit: number;
  /** Of one run; null where a contender it needs was not there. */
  measured(run: RunFigures): number | null;
}

type Quantity = Exclude<keyof Figures, 'archiveBytes'>;

const quantityWords: Readonly<Record<Quantity, string>> = { wallSeconds: 'wall', cpuSeconds: 'CPU', peakMegabytes: 'peak memory' };

/** Ours is at most `limit` times the peer's, in the same run. */
export function atMostTimes(quantity: Quantity, ours: string, peer: string, limit: number): Goal {
  return {
    what: `${quantityWords[quantity]} as a multiple of ${peer}'s`,
    bound: 'at most', limit,
    measured: (run) => ratio(run.get(ours)?.[quantity], run.get(peer)?.[quantity]),
  };
}

/** The archive is larger than the peer's by at most this share of it. */
export function archiveWithin(ours: string, peer: string, limit: number): Goal {
  return {
    what: `archive's size as a multiple of ${peer}'s`,
    bound: 'at most', limit: 1 + limit,
    measured: (run) => ratio(run.get(ours)?.archiveBytes, run.get(peer)?.archiveBytes),
  };
}

export function peakAtMost(ours: string, megabytes: number): Goal {
  return { what: 'peak memory in MB', bound: 'at most', limit: megabytes, measured: (run) => run.get(ours)?.peakMegabytes ?? null };
}

/** The bytes came over at this share of the line's rate or more. */
export function lineShareAtLeast(ours: string, bytes: number, bitsPerSecond: number, limit: number): Goal {
  return {
    what: 'share of the line\'s rate', bound: 'at least', limit,
    measured: (run) => {
      const wall = run.get(ours)?.wallSeconds;
      return wall === undefined ? null : bytes * 8 / wall / bitsPerSecond;
    },
  };
}

/** Wall time over the slowest of others', in the same run. */
export function atMostSlowest(ours: string, others: readonly string[], limit: number): Goal {
  return {
    what: `wall as a multiple of the slower of ${others.join(' and ')}`,
    bound: 'at most', limit,
    measured: (run) => {
      const walls = others.map((name) => run.get(name)?.wallSeconds);
      return walls.some((wall) => wall === undefined) ? null : ratio(run.get(ours)?.wallSeconds, Math.max(...walls.map(Number)));
    },
  };
}

function ratio(ours: number | null | undefined, peers: number | null | undefined): number | null {
  return ours === null || ours === undefined || !peers ? null : ours / peers;
}
