import { join } from 'node:path';
import { Menu, Tray, nativeImage } from 'electron';
import type { NativeImage } from 'electron';
import type { Ferry } from '../uploads/ferry.ts';
import { atMostEvery } from './at-most-every.ts';
import { trayMenuTemplate, trayPicture, trayTooltip } from './tray-menu.ts';
import type { TrayActions, TrayPicture, TrayState } from './tray-menu.ts';
import { uploadRows } from './upload-rows.ts';
import type { Words } from './words.ts';

const updateIntervalMs = 1_000;

/** The icon in the tray (macOS: the menu bar), kept up to date at most once a second. */
export interface AppTray {
  /** The menu as it is now; the desktop itself gives no way to ask for it. */
  menu(): Menu;
  tooltip(): string;
  /** After something beside the uploads has changed. */
  update(): void;
  destroy(): void;
}

interface TrayOptions {
  readonly ferry: Ferry;
  readonly words: () => Words;
  readonly actions: TrayActions;
  /** What it shows beside the uploads. */
  readonly updateState: () => TrayState['update'];
  readonly assetsDirectory: string;
}

/** Puts the icon there. Call it when the app is ready. */
export function createTray({ ferry, words, actions, updateState, assetsDirectory }: TrayOptions): AppTray {
  const pictures = {
    idle: picture('idle', assetsDirectory),
    active: picture('active', assetsDirectory),
    paused: picture('paused', assetsDirectory),
    failed: picture('failed', assetsDirectory),
  };
  const tray = new Tray(pictures.idle);
  // On Linux a click may or may not open the menu, on macOS it always does; on Windows it never does.
  if (process.platform !== 'darwin') tray.on('click', () => actions.open());

  // Only macOS lets anything be dropped there.
  tray.on('drop-files', (_event, paths) => { ferry.drop(paths); });

  let shown = { picture: 'idle', tooltip: '', labels: '' };
  let menu = Menu.buildFromTemplate([]);

  const update = (): void => {
    if (tray.isDestroyed()) return;
    const state = { ...trayState(ferry), update: updateState() };
    const template = trayMenuTemplate(state, words(), actions);
    const next = {
      picture: trayPicture(state),
      tooltip: trayTooltip(state, words()),
      labels: JSON.stringify(template),
    };
    // An unchanged menu is left alone: on some desktops replacing it closes the open one.
    if (next.picture !== shown.picture) tray.setImage(pictures[next.picture]);
    if (next.tooltip !== shown.tooltip) tray.setToolTip(next.tooltip);
    if (next.labels !== shown.labels) {
      menu = Menu.buildFromTemplate(template);
      tray.setContextMenu(menu);
    }
    shown = next;
  };
  const updateSoon = atMostEvery(updateIntervalMs, update);
  const unsubscribe = [ferry.subscribe('app', updateSoon), ferry.subscribe('uploads', updateSoon)];
  updateSoon();

  return {
    menu: () => menu,
    tooltip: () => shown.tooltip,
    update: updateSoon,
    destroy() {
      for (const stop of unsubscribe) stop();
      tray.destroy();
    },
  };
}

function trayState(ferry: Ferry): Omit<TrayState, 'update'> {
  const list = ferry.uploads();
  return { rows: uploadRows(list), totals: list.totals, credential: ferry.appState().credential.kind };
}

/** macOS colours a template picture itself; Linux panels scale one large picture; Windows takes the fitting scale. */
function picture(state: TrayPicture, directory: string): NativeImage {
  const names = {
    darwin: state === 'idle' ? 'trayTemplate.png' : `tray-${state}Template.png`,
    linux: `tray-${state}-large.png`,
  } as Readonly<Record<string, string>>;
  return nativeImage.createFromPath(join(directory, names[process.platform] ?? `tray-${state}.png`));
}
