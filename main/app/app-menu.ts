import type { MenuItemConstructorOptions } from 'electron';
import type { WindowCommand } from '../../preload/contract.ts';
import type { Words } from './words.ts';

/** What the menu's own items do; the rest are the system's roles. */
export interface AppMenuActions {
  chooseFiles(): void;
  chooseFolder(): void;
  /** null where this app does not update itself. */
  readonly checkForUpdates: (() => void) | null;
  /** The window comes to the front and shows it. */
  command(command: WindowCommand): void;
  openLogFolder(): void;
}

interface AppMenuOptions {
  readonly platform: NodeJS.Platform;
  /** Adds the developer tools. */
  readonly development: boolean;
}

/** The application menu. macOS needs its edit roles for copy and paste to work at all. */
export function appMenuTemplate({ t }: Words, actions: AppMenuActions, { platform, development }: AppMenuOptions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const settings: MenuItemConstructorOptions = { id: 'settings', label: t('shell:menu.settings'), accelerator: 'CmdOrCtrl+,', click: () => actions.command('settings') };
  const quit: MenuItemConstructorOptions = { role: 'quit', label: t('shell:menu.quit'), accelerator: 'CmdOrCtrl+Q' };
  const { checkForUpdates } = actions;
  const update: MenuItemConstructorOptions[] = checkForUpdates === null ? [] : [
    { id: 'check-for-updates', label: t('shell:menu.checkForUpdates'), click: () => checkForUpdates() },
    separator,
  ];
  const application: MenuItemConstructorOptions = {
    label: 'COS Ferry',
    submenu: [
      { role: 'about', label: t('shell:menu.about') },
      separator,
      ...update,
      settings,
      separator,
      { role: 'services', label: t('shell:menu.services') },
      separator,
      { role: 'hide', label: t('shell:menu.hide') },
      { role: 'hideOthers', label: t('shell:menu.hideOthers') },
      { role: 'unhide', label: t('shell:menu.showAll') },
      separator,
      quit,
    ],
  };
  return [
    ...(mac ? [application] : []),
    {
      label: t('shell:menu.file'),
      submenu: [
        { id: 'choose-files', label: t('shell:menu.chooseFiles'), accelerator: 'CmdOrCtrl+O', click: () => actions.chooseFiles() },
        { id: 'choose-folder', label: t('shell:menu.chooseFolder'), accelerator: 'CmdOrCtrl+Shift+O', click: () => actions.chooseFolder() },
        separator,
        { role: 'close', label: t('shell:menu.closeWindow') },
        ...(mac ? [] : [separator, settings, separator, ...update, quit]),
      ],
    },
    {
      label: t('shell:menu.edit'),
      submenu: [
        { role: 'undo', label: t('shell:menu.undo') },
        { role: 'redo', label: t('shell:menu.redo') },
        separator,
        { role: 'cut', label: t('shell:menu.cut') },
        { role: 'copy', label: t('shell:menu.copy') },
        { role: 'paste', label: t('shell:menu.paste') },
        { role: 'selectAll', label: t('shell:menu.selectAll') },
        separator,
        { id: 'search', label: t('shell:menu.search'), accelerator: 'CmdOrCtrl+F', click: () => actions.command('search') },
      ],
    },
    {
      label: t('shell:menu.view'),
      submenu: [
        { id: 'history', label: t('shell:menu.history'), accelerator: 'CmdOrCtrl+Shift+H', click: () => actions.command('history') },
        separator,
        { role: 'resetZoom', label: t('shell:menu.actualSize') },
        { role: 'zoomIn', label: t('shell:menu.zoomIn') },
        { role: 'zoomOut', label: t('shell:menu.zoomOut') },
        separator,
        { role: 'togglefullscreen', label: t('shell:menu.fullScreen') },
        ...(development ? [{ role: 'toggleDevTools', label: t('shell:menu.developerTools') } as const] : []),
      ],
    },
    {
      role: 'window',
      label: t('shell:menu.window'),
      submenu: [
        { role: 'minimize', label: t('shell:menu.minimize') },
        ...(mac ? [{ role: 'zoom', label: t('shell:menu.zoom') } as const, separator, { role: 'front', label: t('shell:menu.front') } as const] : []),
      ],
    },
    {
      role: 'help',
      label: t('shell:menu.help'),
      submenu: [
        { id: 'shortcuts', label: t('shell:menu.shortcuts'), accelerator: 'CmdOrCtrl+/', click: () => actions.command('shortcuts') },
        { id: 'log-folder', label: t('shell:menu.logFolder'), click: () => actions.openLogFolder() },
        ...(mac ? [] : [separator, { id: 'about', label: t('shell:menu.about'), click: () => actions.command('about') }]),
      ],
    },
  ];
}
