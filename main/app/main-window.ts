import { join } from 'node:path';
import { BrowserWindow, nativeTheme } from 'electron';
import type { Log } from '../log.ts';
import type { WindowPlace } from '../settings/settings.ts';
import { followWindowPlace } from './follow-window-place.ts';

/** The page's own `--canvas`, so that neither opening nor resizing flashes another colour. */
const backgrounds = { light: '#f5f6f8', dark: '#15171b' } as const;

const crashesForgiven = 3;

/** The app's one window. It lives as long as the app; closing only hides it. */
export interface MainWindow {
  readonly browserWindow: BrowserWindow;
  load(): Promise<void>;
  /** In front and with the focus, from wherever it was. */
  show(): void;
  hide(): void;
  /** True while a person has it before them. */
  isWatched(): boolean;
}

interface MainWindowOptions {
  readonly appPath: string;
  readonly pageUrl: string;
  readonly log: Pick<Log, 'error'>;
  /** Where it was; null lets the system choose. */
  readonly place: WindowPlace | null;
  readonly onPlace: (place: WindowPlace) => void;
  /** It stays away until it is asked for. */
  readonly hidden: boolean;
  /** Once true, closing closes. */
  readonly quitting: () => boolean;
  /** The person has closed it: true hides it, and false leaves it as it is. */
  readonly onClose: () => boolean;
  /** Windows: the system is shutting down or logging off. */
  readonly onSessionEnd: () => void;
}

/** Makes the window without showing it; it shows itself once its page has something to show. */
export function createMainWindow(options: MainWindowOptions): MainWindow {
  const { place } = options;
  const window = new BrowserWindow({
    width: place?.width ?? 960,
    height: place?.height ?? 680,
    ...(place ? { x: place.x, y: place.y } : {}),
    minWidth: 640,
    minHeight: 480,
    title: 'COS Ferry',
    icon: join(options.appPath, 'assets/icons/256x256.png'),
    backgroundColor: background(),
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(options.appPath, 'out/preload/index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      // A middle click opens a window of its own.
      disableBlinkFeatures: 'Auxclick',
      navigateOnDragDrop: false,
      webviewTag: false,
      spellcheck: false,
    },
  });
  nativeTheme.on('updated', () => {
    if (!window.isDestroyed()) window.setBackgroundColor(background());
  });
  // The page's own title must not replace the app's.
  window.on('page-title-updated', (event) => event.preventDefault());
  if (!options.hidden) {
    window.once('ready-to-show', () => {
      if (place?.maximized) window.maximize();
      window.show();
    });
  }
  followWindowPlace(window, options.onPlace);
  window.on('session-end', options.onSessionEnd);
  window.on('close', (event) => {
    if (options.quitting()) return;
    event.preventDefault();
    if (options.onClose()) hide(window);
  });
  bringBack(window, options.log);

  return {
    browserWindow: window,
    load: () => window.loadURL(options.pageUrl),
    show() {
      if (window.isDestroyed()) return;
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
    },
    hide: () => hide(window),
    isWatched: () => !window.isDestroyed() && window.isVisible() && window.isFocused(),
  };
}

function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light;
}

function hide(window: BrowserWindow): void {
  if (window.isDestroyed()) return;
  if (!window.isFullScreen() || process.platform !== 'darwin') {
    window.hide();
    return;
  }
  // macOS leaves a black screen behind when a full-screen window is hidden.
  window.once('leave-full-screen', () => window.hide());
  window.setFullScreen(false);
}

/** A page that crashed is loaded again: the uploads go on in main, and the list comes back from there. */
function bringBack(window: BrowserWindow, log: Pick<Log, 'error'>): void {
  let crashes = 0;
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    crashes += 1;
    log.error('The window crashed.', { reason: details.reason, exitCode: details.exitCode });
    if (crashes <= crashesForgiven) window.webContents.reload();
  });
}
