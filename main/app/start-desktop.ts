import { join } from 'node:path';
import { Menu, app, nativeImage, powerMonitor, screen } from 'electron';
import type { BrowserWindow } from 'electron';
import type { AccountDraft, WindowCommand } from '../../preload/contract.ts';
import { toProblem } from '../ferry-error.ts';
import type { Consent, Desktop } from '../ipc/request-handlers.ts';
import type { EventSender } from '../ipc/send-events.ts';
import type { Log } from '../log.ts';
import type { WindowPlace } from '../settings/settings.ts';
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
import { followStartAtLogin } from './follow-start-at-login.ts';
import { createMainWindow } from './main-window.ts';
import type { MainWindow } from './main-window.ts';
import { stillRunningNotice, updateNotice } from './notices.ts';
import { createNotifier } from './notifications.ts';
import type { OpenedPaths } from './open-paths.ts';
import type { Places } from './private-place.ts';
import { createQuitGuard } from './quit-guard.ts';
import { quitQuestion } from './quit-question.ts';
import { refetchCredential } from './refetch-credential.ts';
import { saveHistory } from './save-history.ts';
import { setStartAtLogin, wasStartedAtLogin } from './start-at-login.ts';
import { taskbarBadge } from './taskbar-badge.ts';
import { showTaskbarProgress, taskbarProgress } from './taskbar-progress.ts';
import type { TestRecorder } from './test-handle.ts';
import { followTheme } from './theme.ts';
import { createTray } from './tray.ts';
import { updateSettings } from './update-settings.ts';
import { updateSource } from './update-source.ts';
import { Updates } from './updates.ts';
import { unfinishedIds } from './upload-rows.ts';
import { visiblePlace } from './window-place.ts';
import { createWords } from './words.ts';

const taskbarIntervalMs = 500;

/** Which hints were shown already; kept over restarts. */
export interface Hints {
  get(hint: string): boolean;
  set(hint: string): void;
}

/** Where the window was when it was last seen; kept over restarts. */
export interface KeptPlace {
  readonly value: WindowPlace | null;
  set(place: WindowPlace): void;
}

interface StartOptions {
  readonly ferry: Ferry;
  readonly appPath: string;
  readonly pageUrl: string;
  readonly places: Places;
  /** Whether what is sent with an account of this draft stays on this computer. */
  readonly staysHere: (draft: AccountDraft) => boolean;
  readonly hints: Hints;
  readonly place: KeptPlace;
  readonly folders: Pick<Desktop, 'logFolder' | 'dataFolder'>;
  readonly send: EventSender['send'];
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
export function startDesktop({ ferry, appPath, pageUrl, places, staysHere, hints, place, folders, send, openedPaths, log, recorder }: StartOptions): StartedDesktop {
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
    log,
    quitting: () => quitGuard.quitting,
    place: visiblePlace(place.value, screen.getAllDisplays().map(({ workArea }) => workArea)),
    onPlace: (now) => { place.set(now); },
    hidden: wasStartedAtLogin(),
    onClose() {
      if (!ferry.appState().options.staysInTray) {
        app.quit();
        return false;
      }
      if (unfinished() === 0 || hints.get('still-running')) return true;
      hints.set('still-running');
      notifier.show(stillRunningNotice(words(), process.platform));
      return true;
    },
    onSessionEnd: () => quitGuard.sessionEnds(),
  });
  const notifier = createNotifier({ isOn: () => ferry.appState().options.notifies, onClick: () => window.show(), record: recorder?.recordNotice });
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
  const tray = createTray({
    ferry,
    words,
    updateState: () => updates?.state ?? null,
    assetsDirectory: join(appPath, 'assets'),
    actions: {
      open: () => window.show(),
      pauseAll: () => void ferry.pauseUploads(unfinishedIds(ferry)),
      resumeAll: () => void ferry.resumeUploads(unfinishedIds(ferry)),
      refetch: () => void refetchCredential(ferry, notifier, words, log),
      update: () => void updates?.choose(),
      quit: () => app.quit(),
    },
  });
  recorder?.expose({ trayMenu: () => tray.menu(), trayTooltip: () => tray.tooltip() });

  const visibleWindow = (): BrowserWindow | null => (window.browserWindow.isVisible() ? window.browserWindow : null);
  const choosers = createChoosers(ferry, visibleWindow, words);
  const desktop = createDesktop({ choosers, ...folders, saveHistory: (format, filter) => saveHistory(ferry, visibleWindow(), words(), { format, filter }) });
  const failed = (error: unknown): void => {
    log.error('What a menu asked for failed.', error);
    send('problem', toProblem(error));
  };
  followLanguage(ferry, () => {
    const actions = {
      chooseFiles: () => void choosers.chooseFiles().catch(failed),
      chooseFolder: () => void choosers.chooseFolder().catch(failed),
      checkForUpdates: updates && (() => void updates.choose()),
      command(command: WindowCommand) {
        window.show();
        send('command', command);
      },
      openLogFolder: () => void desktop.openFolder(desktop.logFolder).catch(failed),
    };
    Menu.setApplicationMenu(Menu.buildFromTemplate(appMenuTemplate(words(), actions, { platform: process.platform, development: !app.isPackaged })));
  });
  announceFinished({ ferry, notifier, words, show: () => window.show(), isWatched: () => window.isWatched() });
  followStartAtLogin({ ferry, set: setStartAtLogin, onProblem: (problem) => { send('problem', problem); } });
  app.setAboutPanelOptions({ applicationName: 'COS Ferry', applicationVersion: ferry.appState().version });
  followProgress(ferry, window, taskbarBadge(
    (name) => nativeImage.createFromPath(join(appPath, 'assets/badges', `${name}.png`)),
    (count) => words().t('shell:badge', { count }),
  ));

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

  return { window, desktop, consent: createConsent({ places, staysHere, window: visibleWindow, words }) };
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

/** The total on the taskbar or dock icon, and how many are unfinished as its badge. */
function followProgress(ferry: Ferry, window: MainWindow, showBadge: ReturnType<typeof taskbarBadge>): void {
  const show = atMostEvery(taskbarIntervalMs, () => {
    const totals = ferry.totals();
    showTaskbarProgress(window.browserWindow, taskbarProgress(totals, ferry.appState()));
    if (process.platform === 'win32') showBadge(window.browserWindow, totals.unfinished);
    else app.setBadgeCount(totals.unfinished);
  });
  ferry.subscribe('app', show);
  ferry.subscribe('uploads', show);
  show();
}
