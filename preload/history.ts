import type { Problem, Service } from './contract.ts';

/** An upload that has ended. What is not known is '' or null. */
export interface HistoryEntry {
  readonly id: string;
  readonly finishedAtMs: number;
  readonly outcome: 'done' | 'failed' | 'cancelled';
  readonly name: string;
  /** Absolute. */
  readonly paths: readonly string[];
  readonly service: Service;
  readonly accountId: string;
  readonly accountLabel: string;
  /** car only. */
  readonly applicationId: string;
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
  readonly size: number | null;
  readonly crc64: string;
  readonly etag: string;
  readonly requestId: string;
  readonly durationMs: number | null;
  /** What went over the line, tries that failed included. */
  readonly sentBytes: number;
  /** Why it failed; without the verbatim detail. */
  readonly problem: Problem | null;
}

/** Which entries to show, the newest first. */
export interface HistoryQuery {
  /** Words that all have to be in an entry; '' for every entry. */
  readonly search: string;
  readonly offset: number;
  readonly limit: number;
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** How many entries the search finds. */
  readonly found: number;
  /** How many there are. */
  readonly count: number;
}

export type HistoryFormat = 'csv' | 'json';
