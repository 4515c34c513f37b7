import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app } from 'electron';
import { FerryError } from '../ferry-error.ts';
import { desktopEntry } from './desktop-entry.ts';

/** On the command line of a start at login: the window stays away until it is asked for. */
export const hiddenArgument = '--hidden';

/** Has the system start the app at login, or not any more. Throws `login-item-refused`. */
export async function setStartAtLogin(starts: boolean): Promise<void> {
  try {
    if (process.platform === 'linux') await setAutostart(starts);
    else app.setLoginItemSettings({ openAtLogin: starts, args: [...ownArguments(), hiddenArgument] });
  } catch (error) {
    throw new FerryError({ code: 'login-item-refused', detail: (error as Error).message }, { cause: error });
  }
}

/** True when the system has started it, at login. */
export function wasStartedAtLogin(): boolean {
  return process.argv.includes(hiddenArgument) || (process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin);
}

async function setAutostart(starts: boolean): Promise<void> {
  const file = path.join(app.getPath('appData'), 'autostart', 'cos-ferry.desktop');
  if (!starts) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(path.dirname(file), { recursive: true });
  // An AppImage runs from a place that is another one at every start.
  const program = process.env['APPIMAGE'] ?? process.execPath;
  await writeFile(file, desktopEntry([program, ...ownArguments(), hiddenArgument]));
}

/** From source, Electron has to be told what to run. */
function ownArguments(): string[] {
  return app.isPackaged ? [] : [app.getAppPath()];
}
