import path from 'node:path';
import { app, dialog, ipcMain, powerSaveBlocker, protocol, session } from 'electron';
import type { Problem } from '../preload/contract.ts';
import { keepAwake } from './app/keep-awake.ts';
import { collectOpenedPaths, type OpenedPaths } from './app/open-paths.ts';
import { proxyForChoice } from './app/proxy-choice.ts';
import { startDesktop, type StartedDesktop } from './app/start-desktop.ts';
import { preparePages, startPages } from './app/start-page.ts';
import { systemLanguage } from './app/system-language.ts';
import { createTestRecorder } from './app/test-handle.ts';
import { watchNetwork } from './app/watch-network.ts';
import { parseApiEndpoint, parseCosDomain, staysHere } from './credentials/endpoints.ts';
import { SystemKeychain } from './credentials/keychain.ts';
import { toProblem } from './ferry-error.ts';
import { requestHandlers } from './ipc/request-handlers.ts';
import { sendEvents } from './ipc/send-events.ts';
import { serveRequests } from './ipc/serve-requests.ts';
import { createLog, logLevel, type Log } from './log.ts';
import { keepFilesPrivate } from './own-files.ts';
import { startSandboxThread } from './sandbox/start-sandbox-thread.ts';
import { SettingsStore } from './settings/settings-store.ts';
import { createFerry } from './uploads/create-ferry.ts';
import { logFinished } from './uploads/log-finished.ts';
import { letThreadsYield } from './yield-to-window.ts';

const environment = process.env;
// What it records holds secrets, so an installed app never does.
const inTest = !app.isPackaged && environment['COS_FERRY_TEST'] === '1';

// Before the lock and anything else that lies in it.
if (environment['COS_FERRY_USER_DATA']) app.setPath('userData', path.resolve(environment['COS_FERRY_USER_DATA']));
keepFilesPrivate(app.getPath('userData'));
letThreadsYield();
preparePages({ app, protocol });

const openedPaths = collectOpenedPaths(app);
if (openedPaths.handedOver) app.exit(0);
else void start(openedPaths);

async function start(opened: OpenedPaths): Promise<void> {
  const userData = app.getPath('userData');
  const log = createLog({ directory: path.join(userData, 'logs'), level: logLevel(environment['COS_FERRY_LOG']), console: !app.isPackaged });
  process.on('unhandledRejection', (reason) => { log.error('A rejection that nobody handled.', reason); });
  process.on('uncaughtException', (error) => { log.error('An exception that nobody caught.', error); });
  try {
    await app.whenReady();
    await open(opened, userData, log);
  } catch (error) {
    log.error('The app could not start.', error);
    const { code, detail } = toProblem(error);
    dialog.showErrorBox('COS Ferry', [code, detail].filter(Boolean).join('\n'));
    app.exit(1);
  }
}

/** COS_FERRY_API_ENDPOINT and COS_FERRY_COS_DOMAIN; one that makes no sense is told and left out. */
function environmentOverrides(onProblem: (problem: Problem) => void): { apiEndpoint: string | null; cosDomain: string | null } {
  const parse = <T>(name: string, parser: (text: string | null) => T): T | null => {
    try {
      return parser(environment[name] ?? null);
    } catch (error) {
      onProblem(toProblem(error));
      return null;
    }
  };
  const cosDomain = parse('COS_FERRY_COS_DOMAIN', parseCosDomain) && (environment['COS_FERRY_COS_DOMAIN'] ?? null);
  return { apiEndpoint: parse('COS_FERRY_API_ENDPOINT', parseApiEndpoint), cosDomain };
}

async function open(opened: OpenedPaths, userData: string, log: Log): Promise<void> {
  const page = await startPages(app, session.defaultSession, app.isPackaged ? undefined : environment['ELECTRON_RENDERER_URL']);
  const early: Problem[] = [];
  const settings = await SettingsStore.open(path.join(userData, 'settings.json'), (error) => { early.push(error.problem); });
  const sandbox = await startSandboxThread({ directory: path.join(userData, 'sandbox') });
  const overrides = environmentOverrides((error) => { early.push(error); });
  const ferry = createFerry({
    version: app.getVersion(),
    settings,
    sandbox,
    keychain: new SystemKeychain(),
    journalDirectory: path.join(userData, 'journal'),
    historyFile: path.join(userData, 'history.jsonl'),
    systemLanguage: () => inTest && environment['COS_FERRY_LANGUAGE'] === 'pseudo' ? 'en-XA' : systemLanguage(app.getPreferredSystemLanguages()),
    redact: (secret, untilMs) => { log.redact(secret, untilMs); },
    ...overrides,
    // The page's own session has no proxy that answers.
    proxyFor: proxyForChoice(() => settings.value.options.proxy, (url) => session.fromPartition('system-proxy').resolveProxy(url)),
  });
  log.info('Started.', { version: app.getVersion(), electron: process.versions['electron'], platform: process.platform });
  logFinished(ferry, log.info);
  ferry.subscribe('problem', (problem) => { log.warn('Something went wrong.', problem); });
  const stopWaiting = ferry.subscribe('problem', (problem) => { early.push(problem); });

  await ferry.restore();
  keepAwake(ferry, powerSaveBlocker);
  watchNetwork(ferry);

  const recorder = inTest ? createTestRecorder() : undefined;
  let started: StartedDesktop | null = null;
  const contents = () => (started === null || started.window.browserWindow.isDestroyed() ? null : started.window.browserWindow.webContents);
  const events = sendEvents(ferry, contents, recorder?.tap);
  const keep = (change: Parameters<SettingsStore['update']>[0]): void => {
    settings.update(change).catch((error: unknown) => { log.warn('A setting could not be kept.', error); });
  };
  started = startDesktop({
    ferry,
    appPath: app.getAppPath(),
    pageUrl: page,
    places: { home: app.getPath('home'), userData, temporary: app.getPath('temp'), platform: process.platform },
    staysHere: (draft) => staysHere(draft, overrides),
    hints: {
      get: (hint) => settings.value.hintsShown.includes(hint),
      set: (hint) => { keep({ hintsShown: [...settings.value.hintsShown, hint] }); },
    },
    place: { value: settings.value.windowPlace, set: (windowPlace) => { keep({ windowPlace }); } },
    folders: { logFolder: path.join(userData, 'logs'), dataFolder: userData },
    send: events.send,
    openedPaths: opened,
    log,
    recorder,
  });
  serveRequests({ ipcMain, handlers: requestHandlers(ferry, started.desktop, started.consent), window: contents, pageUrl: page, log, tap: recorder?.tap, beforeAnswer: () => { events.flush(); } });
  await started.window.load();
  stopWaiting();
  for (const problem of early) events.send('problem', problem);
}
