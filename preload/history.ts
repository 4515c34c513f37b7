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
  /** The region that was asked for; '' for the service's default. */
  readonly cosRegion: string;
  /** Where it is. */
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

/** A dropped folder whose files went one by one. */
export interface HistoryFolder {
  readonly id: string;
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** How its files have ended, each in the last try. */
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Of the objects that arrived. */
  readonly size: number;
}

/** What a person dropped: one upload, or a folder. */
export interface HistoryRow {
  readonly id: string;
  /** The upload; of a folder the one that ended last. */
  readonly entry: HistoryEntry;
  readonly folder: HistoryFolder | null;
}

export type HistoryOutcome = HistoryEntry['outcome'];

/** Which of it is meant. */
export interface HistoryFilter {
  /** Words that all have to be in an entry, or stand for its service or outcome; '' for every entry. */
  readonly search: string;
  /** null for every one. */
  readonly outcome: HistoryOutcome | null;
}

/** Which rows to show, the newest first. */
export interface HistoryQuery extends HistoryFilter {
  readonly offset: number;
  readonly limit: number;
}

export interface HistoryPage {
  readonly rows: readonly HistoryRow[];
  /** How many rows the filter finds. */
  readonly found: number;
  /** How many there are. */
  readonly count: number;
}

/** Files of one folder, the newest first. */
export interface HistoryFilesQuery extends HistoryQuery {
  readonly folderId: string;
}

export interface HistoryFilesPage {
  readonly entries: readonly HistoryEntry[];
  readonly found: number;
}

export type HistoryFormat = 'csv' | 'json';

/** What the window may ask of uploads that have ended; part of `Requests`. */
export interface HistoryRequests {
  history(query: HistoryQuery): HistoryPage;
  historyFiles(query: HistoryFilesQuery): HistoryFilesPage;
  /** Drops what a row stands for once more, for the same destination. */
  uploadAgain(rowId: string): void;
  /** Shows the file or folder on this computer that a row comes from. */
  showHistorySource(rowId: string): void;
  /** The URL of an object that arrived goes to the clipboard. */
  copyHistoryUrl(entryId: string): void;
  /** Saves what is found where the person chooses; false when they gave it up. */
  exportHistory(format: HistoryFormat, filter: HistoryFilter): boolean;
  clearHistory(): void;
}
