import { clipboard, shell } from 'electron';
import { FerryError } from '../ferry-error.ts';
import type { Desktop } from '../ipc/request-handlers.ts';
import type { Choosers } from './choosers.ts';

interface DesktopParts extends Pick<Desktop, 'saveHistory' | 'logFolder' | 'dataFolder'> {
  readonly choosers: Choosers;
}

/** What the window may ask of the desktop. */
export function createDesktop({ choosers, ...parts }: DesktopParts): Desktop {
  return {
    ...choosers,
    ...parts,
    showInFolder: (path) => shell.showItemInFolder(path),
    async openFolder(path) {
      const failure = await shell.openPath(path);
      if (failure !== '') throw new FerryError({ code: 'nothing-to-show', detail: failure });
    },
    // Electron 33 writes at once, 45 promises to.
    async copyText(text) {
      await clipboard.writeText(text);
    },
  };
}
