import type { AppUpdater } from 'electron-updater';
import type { Log } from '../log.ts';
import type { UpdateDescription } from './update-signature.ts';
import type { UpdateSource } from './updates.ts';

/** electron-updater on a feed of our own, and no other server. It is loaded, and anything asked for, at the first check only. */
export function updateSource(feed: string, log: Log): UpdateSource {
  let loaded: Promise<AppUpdater> | null = null;
  const updater = (): Promise<AppUpdater> => loaded ??= load(feed, log);
  return {
    async check() {
      const result = await (await updater()).checkForUpdates();
      // As the feed sent it, with fields that the types do not know.
      return result?.isUpdateAvailable ? result.updateInfo as UpdateDescription : null;
    },
    async download() {
      const autoUpdater = await updater();
      autoUpdater.autoInstallOnAppQuit = true;
      await autoUpdater.downloadUpdate();
    },
    restart() {
      const silently = true;
      const startAgain = true;
      void updater().then((autoUpdater) => autoUpdater.quitAndInstall(silently, startAgain));
    },
  };
}

async function load(feed: string, log: Log): Promise<AppUpdater> {
  const { default: { autoUpdater } } = await import('electron-updater');
  autoUpdater.logger = log;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  autoUpdater.setFeedURL({ provider: 'generic', url: feed });
  const { origin } = new URL(feed);
  // Replaces what any other session of the app is told: to ask nobody.
  autoUpdater.netSession.webRequest.onBeforeRequest(({ url }, answer) => { answer({ cancel: new URL(url).origin !== origin }); });
  // Every failure is thrown as well; unheard, the event would be an exception.
  autoUpdater.on('error', () => undefined);
  return autoUpdater;
}
