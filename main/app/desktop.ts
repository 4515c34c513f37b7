import { clipboard, shell } from 'electron';
import type { Site } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';
import type { Desktop } from '../ipc/request-handlers.ts';
import type { Choosers } from './choosers.ts';

/** Where keys are made. The page names a site, never an address. */
const keyConsoles: Readonly<Record<Site, string>> = {
  china: 'https://console.cloud.tencent.com/cam/capi',
  international: 'https://console.tencentcloud.com/cam/capi',
};

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
    openKeyConsole: (site) => shell.openExternal(keyConsoles[site]),
    // Electron 33 writes at once, 45 promises to.
    async copyText(text) {
      await clipboard.writeText(text);
    },
  };
}
