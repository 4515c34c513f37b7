/**
 * The contract between the window and the main process: every request, every event and every
 * value that crosses. Nothing here ever holds a SecretKey, a temporary key or a token, except
 * `AccountDraft`, which travels once, from the form to main, and is never sent back.
 */
import type { ApplicationView, Destination, DropTargetChoice, LeftOut, PendingDrop, RecentDestination, WaitingDrop } from './drops.ts';
import type { HistoryRequests } from './history.ts';
import type { Limits } from './limits.ts';
import type { Language, LanguageChoice, Options, Preferences, ThemeChoice } from './options.ts';
import type { ProblemCode } from './problem-codes.ts';
import type { ObjectView, PhaseChange, Removal, UploadDetails } from './upload-details.ts';
import type { WindowCommand } from './window-command.ts';

export type {
  ApplicationView, Destination, DropTargetChoice, LeftOut, LeftOutReason, PendingDrop, Preflight, PreflightFindings, PreflightWarning,
  RecentDestination, UploadedBefore, WaitingDrop,
} from './drops.ts';
export type * from './history.ts';
export type { LimitHours, Limits } from './limits.ts';
export type { ObjectView, PartsView, PhaseChange, Removal, RetryView, UploadDetails } from './upload-details.ts';
export type { Language, LanguageChoice, Options, PackLevel, Preferences, ProxyChoice, ThemeChoice } from './options.ts';
export type { WindowCommand } from './window-command.ts';

export type Service = 'ms' | 'car';
export type Site = 'china' | 'international';

/** A failure as data: the window finds its words in the `problems` catalogue by `code`. */
export interface Problem {
  readonly code: ProblemCode;
  /** Values for the words, such as a file's name. Never a secret. */
  readonly params: Readonly<Record<string, string | number>>;
  /** The code the cloud answered with, verbatim. */
  readonly serviceCode?: string;
  readonly requestId?: string;
  /** What the cloud or the system said, verbatim, for the folded details. */
  readonly detail?: string;
}

export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** Where an account's SecretKey is: in the OS keychain, in memory until the app quits, in neither, or the sandbox's own. */
export type KeyStorage = 'keychain' | 'session' | 'missing' | 'sandbox';

export interface AccountView {
  readonly id: string;
  readonly label: string;
  readonly site: Site;
  readonly secretId: string;
  readonly apiEndpoint: string | null;
  readonly cosDomain: string | null;
  readonly keyStorage: KeyStorage;
}

export interface AccountDraft {
  readonly label: string;
  readonly site: Site;
  readonly secretId: string;
  readonly secretKey: string;
  readonly apiEndpoint: string | null;
  readonly cosDomain: string | null;
  /** Keep the key in memory only; offered after `keychain-unavailable` or `keychain-locked`. */
  readonly sessionOnly: boolean;
}

/** A temporary credential without its secrets. */
export interface CredentialView {
  readonly service: Service;
  readonly bucket: string;
  readonly region: string;
  /** ms: everything below this prefix may be written. car: exactly this key. */
  readonly scope: { readonly kind: 'prefix' | 'key'; readonly value: string };
  readonly startsAtMs: number;
  readonly expiresAtMs: number;
  readonly requestId: string;
}

export type CredentialState =
  | { readonly kind: 'none' }
  | { readonly kind: 'fetching'; readonly previous: CredentialView | null }
  | { readonly kind: 'ready'; readonly credential: CredentialView }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly previous: CredentialView | null };

/**
 * waiting: in the queue. preparing: looking at the source and fetching the credential.
 * uploading: parts on their way (a package is packed at the same time). verifying: Complete and
 * the CRC64 comparison. pausing, paused: stopped by the person; what COS has is kept. cancelling: stopping and aborting the multipart upload.
 */
export type UploadPhase =
  | 'waiting' | 'preparing' | 'uploading' | 'verifying' | 'pausing' | 'paused' | 'cancelling'
  | 'done' | 'failed' | 'cancelled';

/** What a person dropped. An ms folder has one upload per file; everything else has exactly one. */
export interface SourceView extends DropTargetChoice {
  readonly id: string;
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'selection';
  readonly service: Service;
  readonly accountLabel: string;
  /** ms: the prefixes its files went under; more than one where the credential ended midway. */
  readonly prefixes: readonly string[];
  /** reading: an ms folder is being listed; its uploads are not there yet. */
  readonly phase: 'reading' | 'ready' | 'failed';
  readonly problem: Problem | null;
  /** At most 100 of them; `leftOutCount` has the true number. */
  readonly leftOut: readonly LeftOut[];
  readonly leftOutCount: number;
  readonly addedAtMs: number;
}

export interface UploadView {
  readonly id: string;
  readonly sourceId: string;
  /** The object's file name, with folders for an ms folder: `assets/logo.png`, `Game.zip`. */
  readonly name: string;
  readonly service: Service;
  /** True when the source is packed into a zip on its way. */
  readonly packed: boolean;
  readonly phase: UploadPhase;
  /** 0 to 1, never falling except when the upload starts over. */
  readonly fraction: number;
  readonly bytesSent: number;
  /** null while a package's final size is not known yet. */
  readonly bytesTotal: number | null;
  /** What is read from disk in all; null until the source was looked at. */
  readonly sourceBytes: number | null;
  readonly bytesPerSecond: number | null;
  readonly secondsLeft: number | null;
  /** Set once done. */
  readonly object: ObjectView | null;
  /** True when the object can be shown in the file manager (sandbox). */
  readonly objectIsLocal: boolean;
  /** What the person should know while it goes on, such as that it started over and why. */
  readonly notice: Problem | null;
  /** Set once failed. */
  readonly problem: Problem | null;
  /** Parts may be left in the bucket: why cleaning up failed, once failed or cancelled. */
  readonly leftBehind: Problem | null;
  /** Every phase of the present run, in order. */
  readonly timeline: readonly PhaseChange[];
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
}

export interface Totals {
  /** Folders that are still being read count as well. */
  readonly unfinished: number;
  readonly done: number;
  readonly failed: number;
  readonly paused: number;
  /** 0 to 1 over what was added since the queue was last empty; null with nothing unfinished. */
  readonly fraction: number | null;
  readonly bytesPerSecond: number;
  readonly secondsLeft: number | null;
}

/** All the window shows except the uploads themselves. Sent whole when any of it changes. */
export interface AppState {
  readonly version: string;
  readonly language: Language;
  readonly languageChoice: LanguageChoice;
  readonly themeChoice: ThemeChoice;
  readonly accounts: readonly AccountView[];
  readonly accountId: string;
  readonly destination: Destination;
  readonly credential: CredentialState;
  readonly pendingDrop: PendingDrop | null;
  /** In the order they came. */
  readonly waitingDrops: readonly WaitingDrop[];
  /** The latest first. */
  readonly recentDestinations: readonly RecentDestination[];
  /** Account and destination stay as they are, and what is dropped goes there without a question. */
  readonly destinationLocked: boolean;
  /** Nobody has chosen yet between the sandbox and a key. */
  readonly firstRun: boolean;
  /** Nobody answers: uploads wait and go on by themselves. */
  readonly offline: boolean;
  readonly limits: Limits;
  readonly options: Options;
}

/** What changed in the list since the last delta. Sent at most ten times a second. */
export interface UploadsDelta {
  readonly sources: readonly SourceView[];
  readonly uploads: readonly UploadView[];
  readonly removedSourceIds: readonly string[];
  readonly removedUploadIds: readonly string[];
  readonly totals: Totals;
}

/** Requests: what the window may ask of main. Each is answered with a `Reply` of its result. */
export interface Requests extends HistoryRequests {
  getState(): { readonly app: AppState; readonly uploads: UploadsDelta };
  addAccount(draft: AccountDraft): AccountView;
  removeAccount(accountId: string): void;
  selectAccount(accountId: string): void;
  setDestination(destination: Destination): void;
  /** Chooses an account together with a destination. */
  useDestination(target: DropTargetChoice): void;
  lockDestination(locked: boolean): void;
  /** The account's applications at Cloud Application Rendering; refused where its key may not list them. */
  listApplications(accountId: string): readonly ApplicationView[];
  /** The sandbox was chosen on the first run. */
  endFirstRun(): void;
  /** Opens the page of the console where keys are made, in the browser. */
  openKeyConsole(site: Site): void;
  refreshCredential(): CredentialView;
  /** Absolute paths of a real drop; the preload takes them from the dropped `File`s. */
  dropPaths(paths: readonly string[], target: DropTargetChoice | null): void;
  chooseFiles(): void;
  chooseFolder(): void;
  /** Answers `pendingDrop`; null gives the drop up. */
  answerPendingDrop(dropId: string, applicationId: string | null): void;
  /** Starts a waiting drop; with `andAlways` all later ones start at once. */
  startDrop(dropId: string, andAlways: boolean): void;
  discardDrop(dropId: string): void;
  /** Looks once more at what a waiting drop holds. */
  checkDrop(dropId: string): void;
  /** Who waits for the network tries again at once. */
  networkIsBack(): void;
  cancelUploads(uploadIds: readonly string[]): void;
  /** Ends the reading of folders; they go off the list. */
  cancelReading(sourceIds: readonly string[]): void;
  retryUploads(uploadIds: readonly string[]): void;
  /** Reads folders once more that could not be read. */
  readAgain(sourceIds: readonly string[]): void;
  pauseUploads(uploadIds: readonly string[]): void;
  resumeUploads(uploadIds: readonly string[]): void;
  /** In front of another one in the queue, or at its end. */
  moveUploads(uploadIds: readonly string[], beforeUploadId: string | null): void;
  /** The upload's history as JSON on the clipboard, without secrets. */
  copyReport(uploadId: string): void;
  setLimits(limits: Limits): void;
  /** Takes finished uploads (done, failed, cancelled) off the list; the objects stay. */
  clearFinished(): Removal;
  /** The same for some of them, and for sources that failed before they had any. */
  removeFinished(uploadIds: readonly string[], sourceIds: readonly string[]): Removal;
  /** Puts back what was taken off; nothing once that is too long ago. */
  undoRemoval(removalId: string): void;
  /** Drops the same paths for the same destination once more. */
  runAgain(sourceIds: readonly string[]): void;
  showObject(uploadId: string): void;
  /** Shows the file or folder on this computer that a source, or one upload of it, comes from. */
  showSource(id: string): void;
  /** Keys or URLs of finished uploads go to the clipboard, a line each. */
  copyAddresses(uploadIds: readonly string[], kind: 'key' | 'url'): void;
  /** null where there is no such upload. */
  uploadDetails(uploadId: string): UploadDetails | null;
  openSandboxFolder(): void;
  openLogFolder(): void;
  openDataFolder(): void;
  copyText(text: string): void;
  setPreferences(preferences: Preferences): void;
}

/** Events: what main tells the window unasked. */
export interface Events {
  app: AppState;
  uploads: UploadsDelta;
  /** Something failed that belongs to no row, such as a chooser that could not open. */
  problem: Problem;
  /** The history has changed. */
  history: { readonly count: number };
  command: WindowCommand;
}

export type UploadsPiece = UploadsDelta & { readonly more: boolean };
/** An event's payload as it crosses. The list's changes are JSON of an `UploadsPiece`, since a bridge copies a text at once and objects property by property; what there is `more` of is shown when the last has come. */
export type Crossing<E extends keyof Events> = E extends 'uploads' ? string : Events[E];

type RequestName = keyof Requests;
type Arguments<K extends RequestName> = Parameters<Requests[K]>;
type Result<K extends RequestName> = ReturnType<Requests[K]>;

/** The names, at run time. `satisfies` makes a forgotten one a compile error. */
export const requestNames = Object.keys({
  getState: 0, addAccount: 0, removeAccount: 0, selectAccount: 0, setDestination: 0, refreshCredential: 0, dropPaths: 0, chooseFiles: 0,
  chooseFolder: 0, answerPendingDrop: 0, cancelUploads: 0, cancelReading: 0, retryUploads: 0, readAgain: 0, pauseUploads: 0, resumeUploads: 0,
  moveUploads: 0, copyReport: 0, setLimits: 0, clearFinished: 0, removeFinished: 0, undoRemoval: 0, runAgain: 0, showObject: 0, showSource: 0,
  copyAddresses: 0, uploadDetails: 0, openSandboxFolder: 0, openLogFolder: 0, openDataFolder: 0, copyText: 0, setPreferences: 0, useDestination: 0,
  lockDestination: 0, listApplications: 0, endFirstRun: 0, openKeyConsole: 0, startDrop: 0, discardDrop: 0, checkDrop: 0, history: 0,
  exportHistory: 0, clearHistory: 0, networkIsBack: 0, historyFiles: 0, uploadAgain: 0, showHistorySource: 0, copyHistoryUrl: 0,
} satisfies Record<RequestName, 0>) as readonly RequestName[];

export const eventNames = Object.keys({ app: 0, uploads: 0, problem: 0, history: 0, command: 0 } satisfies Record<keyof Events, 0>) as readonly (keyof Events)[];

/** Main's side: one handler a request. */
export type RequestHandlers = {
  [K in RequestName]: (...args: Arguments<K>) => Result<K> | Promise<Result<K>>;
};

/** The window's side: `window.ferry`. `dropPaths` is not on it; real `File`s go through `dropFiles`, whose problem may be about some of them: the others go on. */
export type Bridge = {
  [K in Exclude<RequestName, 'dropPaths'>]: (...args: Arguments<K>) => Promise<Reply<Result<K>>>;
} & {
  dropFiles(files: readonly File[], target?: DropTargetChoice): Promise<Reply<void>>;
  on<E extends keyof Events>(event: E, listener: (payload: Crossing<E>) => void): () => void;
};

export const requestChannel = (name: RequestName): string => `ferry:request:${name}`;
export const eventChannel = (name: keyof Events): string => `ferry:event:${name}`;
