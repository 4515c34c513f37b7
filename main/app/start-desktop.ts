import { homedir } from 'node:os';
import { join } from 'node:path';
import { Menu, app, powerMonitor } from 'electron';
import type { AccountDraft } from '../../preload/contract.ts';
import type { Consent, Desktop } from '../ipc/request-handlers.ts';
import type { Log } from '../log.ts';
import type { Ferry } from '../uploads/ferry.ts';
import { announceFinished } from './announce-finished.ts';
import { appMenuTemplate } from './app-menu.ts';
import { askToQuit } from './ask-to-quit.ts';
import { askToUpdate, tellOfUpdate } from './ask-to-update.ts';
import { atMostEvery } from './at-most-every.ts';
import { createConsent } from './consent.ts';
import { createChoosers } from './choosers.ts';
import { createDesktop } from './desktop.ts';
import { followLink } from './follow-link.ts';
import { hiddenOption, loginItem } from './login-item.ts';
import { createMainWindow } from './main-window.ts';
import type { MainWindow } from './main-window.ts';
import { stillRunningNotice, updateNotice } from './notices.ts';
import { createNotifier } from './notifications.ts';
import type { OpenedPaths } from './open-paths.ts';
import type { Places } from './private-place.ts';
import { createQuitGuard } from './quit-guard.ts';
import { quitQuestion } from './quit-question.ts';
import { refetchCredential } from './refetch-credential.ts';
import { showTaskbarProgress, taskbarProgress } from './taskbar-progress.ts';
import type { TestRecorder } from './test-handle.ts';
import { followTheme } from './theme.ts';
import { createTray } from './tray.ts';
import { updateSettings } from './update-settings.ts';
import { updateSource } from './update-source.ts';
import { Updates } from './updates.ts';
import { createWords } from './words.ts';

const taskbarIntervalMs = 500;

/** Which hints were shown already; kept over restarts. */
export interface Hints {
  get(hint: string): boolean;
  set(hint: string): void;
}

interface StartOptions {
  readonly ferry: Ferry;
  readonly appPath: string;
  readonly pageUrl: string;
  readonly places: Places;
  /** Whether what is sent with an account of this draft stays on this computer. */
  readonly staysHere: (draft: AccountDraft) => boolean;
  readonly hints: Hints;
  readonly openedPaths: OpenedPaths;
  readonly log: Log;
  readonly recorder?: TestRecorder | undefined;
}

/** The started desktop: `window.load()` opens it, once the window's requests are served. */
export interface StartedDesktop {
  readonly window: MainWindow;
  readonly desktop: Desktop;
  readonly consent: Consent;
}

/** Builds everything around the engine: window, tray, menus, notifications, quitting. Call it when the app is ready. */
export function startDesktop({ ferry, appPath, pageUrl, places, staysHere, hints, openedPaths, log, recorder }: StartOptions): StartedDesktop {
  const words = createWords(ferry);
  // A drop that still waits for an answer would be lost as well.
  const unfinished = (): number => ferry.totals().unfinished + (ferry.appState().pendingDrop === null ? 0 : 1);
  followTheme(ferry);

  const quitGuard = createQuitGuard({
    unfinished,
    async ask(count) {
      const isSure = await askToQuit(quitQuestion(count, ferry.appState().limits.resumesAtStart, words()), window.browserWindow, words());
      if (!isSure) updates?.stay();
      return isSure;
    },
    leave() {
      window.hide();
      tray.destroy();
    },
    close: () => ferry.close(),
    exit() {
      if (!updates?.restartIfWanted()) app.exit(0);
    },
    log,
  });
  const window = createMainWindow({
    appPath,
    pageUrl,
    startHidden: process.argv.includes(hiddenOption),
    log,
    quitting: () => quitGuard.quitting,
    onHidden() {
      if (unfinished() === 0 || hints.get('still-running')) return;
      hints.set('still-running');
      notifier.show(stillRunningNotice(words(), process.platform));
    },
    onSessionEnd: () => quitGuard.sessionEnds(),
  });
  const notifier = createNotifier(() => window.show(), recorder?.recordNotice);
  const settings = updateSettings(appPath, { platform: process.platform, resourcesPath: process.resourcesPath, environment: process.env });
  const updates = settings === null ? null : new Updates({
    source: updateSource(settings.feed, log),
    publicKey: settings.publicKey,
    announce: (version) => notifier.show(updateNotice(version, words())),
    ask: (version) => askToUpdate(version, app.getVersion(), words()),
    tell: (answer) => tellOfUpdate(answer, app.getVersion(), words()),
    quit: () => app.quit(),
    changed: () => tray.update(),
    log,
  });
  updates?.start();
  const atLogin = app.isPackaged
    ? loginItem(app, { platform: process.platform, environment: process.env, home: homedir(), executable: process.execPath })
    : null;
  const tray = createTray({
    ferry,
    words,
    extras: () => ({ update: updates?.state ?? null, startsAtLogin: atLogin?.isOn() ?? null }),
    assetsDirectory: join(appPath, 'assets'),
    actions: {
      open: () => window.show(),
      refetch: () => void refetchCredential(ferry, notifier, words, log),
      update: () => void updates?.choose(),
      startAtLogin(on) {
        try {
          atLogin?.set(on);
        } catch (error) {
          log.error('Starting at login could not be set.', error);
        }
        tray.update();
      },
      quit: () => app.quit(),
    },
  });
  recorder?.expose({ trayMenu: () => tray.menu(), trayTooltip: () => tray.tooltip() });

  const visibleWindow = () => (window.browserWindow.isVisible() ? window.browserWindow : null);
  const choosers = createChoosers(ferry, visibleWindow, words);
  followLanguage(ferry, () => {
    const failed = (error: unknown): void => log.error('The chooser could not open.', error);
    const actions = {
      chooseFiles: () => void choosers.chooseFiles().catch(failed),
      chooseFolder: () => void choosers.chooseFolder().catch(failed),
      checkForUpdates: updates && (() => void updates.choose()),
    };
    Menu.setApplicationMenu(Menu.buildFromTemplate(appMenuTemplate(words(), actions, { platform: process.platform, development: !app.isPackaged })));
  });
  announceFinished({ ferry, notifier, words, isWatched: () => window.isWatched() });
  followProgress(ferry, window);

  app.on('before-quit', (event) => quitGuard.beforeQuit(event));
  // Listening is what keeps the app alive without its window.
  app.on('window-all-closed', () => undefined);
  app.on('activate', () => window.show());
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    // Electron's types leave the event out. Preventing it delays the
    // shutdown until the app has exited.
    event?.preventDefault();
    quitGuard.sessionEnds();
  });
  openedPaths.deliverTo((paths) => {
    window.show();
    if (paths.length > 0) ferry.drop(paths);
  }, (link) => {
    window.show();
    void followLink(link, { ferry, notifier, words, log });
  });

  return { window, desktop: createDesktop(choosers), consent: createConsent({ places, staysHere, window: visibleWindow, words }) };
}

function followLanguage(ferry: Ferry, apply: () => void): void {
  let language = ferry.appState().language;
  apply();
  ferry.subscribe('app', (state) => {
    if (state.language === language) return;
    language = state.language;
    apply();
  });
}

/** The total on the taskbar or dock icon, and how many are unfinished as its badge where it has one. */
function followProgress(ferry: Ferry, window: MainWindow): void {
  const show = atMostEvery(taskbarIntervalMs, () => {
    const totals = ferry.totals();
    showTaskbarProgress(window.browserWindow, taskbarProgress(totals, ferry.appState().pendingDrop));
    if (process.platform !== 'win32') app.setBadgeCount(totals.unfinished);
  });
  ferry.subscribe('app', show);
  ferry.subscribe('uploads', show);
  show();
}
