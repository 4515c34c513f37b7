import type { RequestHandlers, Site } from '../../preload/contract.ts';
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
}

/** Every request of the contract, answered by the engine or the desktop. */
export function requestHandlers(ferry: Ferry, desktop: Desktop): RequestHandlers {
  return {
    getState: () => ({ app: ferry.appState(), uploads: ferry.uploads() }),
    addAccount: (draft) => ferry.addAccount(draft),
    removeAccount: (accountId) => ferry.removeAccount(accountId),
    selectAccount: (accountId) => ferry.selectAccount(accountId),
    setDestination: (destination) => ferry.setDestination(destination),
    refreshCredential: () => ferry.refreshCredential(),
    dropPaths: (paths, target) => ferry.drop(paths, target),
    chooseFiles: () => desktop.chooseFiles(),
    chooseFolder: () => desktop.chooseFolder(),
    answerPendingDrop: (dropId, applicationId) => ferry.answerPendingDrop(dropId, applicationId),
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
    clearFinished: () => ferry.clearFinished(),
    showObject: (uploadId) => {
      const path = ferry.localObjectPath(uploadId);
      if (path === null) throw new FerryError({ code: 'nothing-to-show' });
      desktop.showInFolder(path);
    },
    openSandboxFolder: () => desktop.openFolder(ferry.sandboxObjectsDirectory),
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
  };
}
