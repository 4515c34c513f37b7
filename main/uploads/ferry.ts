import type { AccountDraft, AppState, DropTargetChoice, Events, HistoryEntry, HistoryFilter, RequestHandlers, Totals, UploadsDelta } from '../../preload/contract.ts';

/** What needs the desktop (a chooser, the clipboard, the file manager, the browser) and is therefore not the engine's. */
export type DesktopRequest =
  | 'getState' | 'dropPaths' | 'chooseFiles' | 'chooseFolder' | 'showObject' | 'showSource' | 'copyAddresses' | 'openSandboxFolder' | 'openLogFolder' | 'openDataFolder'
  | 'copyText' | 'copyReport' | 'exportHistory' | 'showHistorySource' | 'copyHistoryUrl' | 'openKeyConsole';

/** What the engine tells unasked; commands are the application menu's. */
export type FerryEvents = Omit<Events, 'command'>;

/** The whole application without its window: what app/ and ipc/ are built on. */
export interface Ferry extends Omit<RequestHandlers, DesktopRequest> {
  appState(): AppState;
  /** The sum of all uploads, cheaply. */
  totals(): Totals;
  /** The whole list, as one delta from nothing. */
  uploads(): UploadsDelta;
  subscribe<E extends keyof FerryEvents>(event: E, listener: (payload: FerryEvents[E]) => void): () => void;
  /** Throws what is wrong with a field of the form, before anybody is asked about it. */
  checkAccount(draft: AccountDraft): void;
  /**
   * Takes absolute paths into the queue, or keeps them as a waiting or a pending drop. What is wrong
   * with a path shows in its row; throws what is wrong with a target other than the chosen one.
   */
  drop(paths: readonly string[], target?: DropTargetChoice | null): void;
  /** The file in the sandbox that holds a finished upload's object, null where there is none. */
  localObjectPath(uploadId: string): string | null;
  /** Where a source, or one upload of it, is on this computer. Throws `source-missing` where it is there no more. */
  sourcePath(id: string): Promise<string>;
  /** Keys or URLs of those of these uploads that are done. */
  objectAddresses(uploadIds: readonly string[], kind: 'key' | 'url'): readonly string[];
  /** All that is found in the history, the newest first. */
  findInHistory(filter: HistoryFilter): Promise<readonly HistoryEntry[]>;
  /** Where a row of the history comes from on this computer. Throws `source-missing` where it is there no more. */
  historySourcePath(rowId: string): Promise<string>;
  /** The URL of an object that arrived. */
  historyUrl(entryId: string): Promise<string>;
  /** The upload's history as JSON, without secrets; null where there is no such upload. */
  report(uploadId: string): string | null;
  /** What an earlier run left unfinished comes back into the list, and goes on if that is the setting. */
  restore(): Promise<void>;
  /** The system says that the link is back, or that the computer has woken up: who waits tries again at once. */
  networkIsBack(): void;
  readonly sandboxObjectsDirectory: string;
  /** Stops every upload, keeps what is unfinished for the next start, closes the sandbox. Settles within five seconds. */
  close(): Promise<void>;
}
