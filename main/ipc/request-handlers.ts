import type { AccountDraft, HistoryFilter, HistoryFormat, RequestHandlers, Site } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';
import type { Ferry } from '../uploads/ferry.ts';

/** What the desktop does for the window. */
export interface Desktop {
  chooseFiles(): Promise<void>;
  chooseFolder(): Promise<void>;
  showInFolder(path: string): void;
  /** Throws `nothing-to-show` where the system cannot open it. */
  openFolder(path: string): Promise<void>;
  copyText(text: string): Promise<void>;
  /** Opens the console's page of keys in the browser. */
  openKeyConsole(site: Site): Promise<void>;
  /** False when the person gave it up; throws `export-failed`. */
  saveHistory(format: HistoryFormat, filter: HistoryFilter): Promise<boolean>;
  readonly logFolder: string;
  readonly dataFolder: string;
}

/** Whether the person agrees, asked where the page is not believed on its own. */
export interface Consent {
  toPaths(paths: readonly string[]): Promise<boolean>;
  toAccount(draft: AccountDraft): Promise<boolean>;
}

/** Every request of the contract, answered by the engine or the desktop. */
export function requestHandlers(ferry: Ferry, desktop: Desktop, consent: Consent): RequestHandlers {
  return {
    getState: () => ({ app: ferry.appState(), uploads: ferry.uploads() }),
    addAccount: async (draft) => {
      ferry.checkAccount(draft);
      if (!await consent.toAccount(draft)) throw new FerryError({ code: 'not-agreed' });
      return ferry.addAccount(draft);
    },
    removeAccount: (accountId) => ferry.removeAccount(accountId),
    selectAccount: (accountId) => ferry.selectAccount(accountId),
    setDestination: (destination) => ferry.setDestination(destination),
    refreshCredential: () => ferry.refreshCredential(),
    dropPaths: async (paths, target) => {
      if (await consent.toPaths(paths)) ferry.drop(paths, target);
    },
    chooseFiles: () => desktop.chooseFiles(),
    chooseFolder: () => desktop.chooseFolder(),
    answerPendingDrop: (dropId, applicationId) => ferry.answerPendingDrop(dropId, applicationId),
    networkIsBack: () => ferry.networkIsBack(),
    cancelUploads: (uploadIds) => ferry.cancelUploads(uploadIds),
    cancelReading: (sourceIds) => ferry.cancelReading(sourceIds),
    pauseUploads: (uploadIds) => ferry.pauseUploads(uploadIds),
    resumeUploads: (uploadIds) => ferry.resumeUploads(uploadIds),
    moveUploads: (uploadIds, beforeUploadId) => ferry.moveUploads(uploadIds, beforeUploadId),
    copyReport: (uploadId) => {
      const report = ferry.report(uploadId);
      if (report === null) throw new FerryError({ code: 'nothing-to-show' });
      return desktop.copyText(report);
    },
    setLimits: (limits) => ferry.setLimits(limits),
    retryUploads: (uploadIds) => ferry.retryUploads(uploadIds),
    readAgain: (sourceIds) => ferry.readAgain(sourceIds),
    clearFinished: () => ferry.clearFinished(),
    removeFinished: (uploadIds, sourceIds) => ferry.removeFinished(uploadIds, sourceIds),
    undoRemoval: (removalId) => ferry.undoRemoval(removalId),
    runAgain: (sourceIds) => ferry.runAgain(sourceIds),
    showObject: (uploadId) => {
      const path = ferry.localObjectPath(uploadId);
      if (path === null) throw new FerryError({ code: 'nothing-to-show' });
      desktop.showInFolder(path);
    },
    showSource: async (id) => desktop.showInFolder(await ferry.sourcePath(id)),
    copyAddresses: (uploadIds, kind) => desktop.copyText(ferry.objectAddresses(uploadIds, kind).join('\n')),
    uploadDetails: (uploadId) => ferry.uploadDetails(uploadId),
    openSandboxFolder: () => desktop.openFolder(ferry.sandboxObjectsDirectory),
    openLogFolder: () => desktop.openFolder(desktop.logFolder),
    openDataFolder: () => desktop.openFolder(desktop.dataFolder),
    copyText: (text) => desktop.copyText(text),
    setPreferences: (preferences) => ferry.setPreferences(preferences),
    useDestination: (target) => ferry.useDestination(target),
    lockDestination: (locked) => ferry.lockDestination(locked),
    listApplications: (accountId) => ferry.listApplications(accountId),
    endFirstRun: () => ferry.endFirstRun(),
    openKeyConsole: (site) => desktop.openKeyConsole(site),
    startDrop: (dropId, andAlways) => ferry.startDrop(dropId, andAlways),
    discardDrop: (dropId) => ferry.discardDrop(dropId),
    checkDrop: (dropId) => ferry.checkDrop(dropId),
    history: (query) => ferry.history(query),
    historyFiles: (query) => ferry.historyFiles(query),
    uploadAgain: (rowId) => ferry.uploadAgain(rowId),
    showHistorySource: async (rowId) => desktop.showInFolder(await ferry.historySourcePath(rowId)),
    copyHistoryUrl: async (entryId) => desktop.copyText(await ferry.historyUrl(entryId)),
    exportHistory: (format, filter) => desktop.saveHistory(format, filter),
    clearHistory: () => ferry.clearHistory(),
  };
}
