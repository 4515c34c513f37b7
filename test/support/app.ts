import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestHandle } from '../../main/app/test-handle.ts';
import { launchApp, startAtOnce, type LaunchOptions, type RunningApp } from '../setup/app-driver.ts';

/** The real app with a folder of its own, which outlives restarts. */
export interface TestApp {
  readonly userDataDirectory: string;
  /** Files to drop live here. */
  readonly scratch: string;
  running: RunningApp;
  restart(options?: Partial<LaunchOptions>): Promise<void>;
  /** Quits and deletes everything it has written. */
  dispose(): Promise<void>;
}

export interface AppOptions extends LaunchOptions {
  /** As a person finds it: it welcomes, and what is dropped waits for its start. Else both are behind it. */
  readonly asAtFirst: boolean;
}

export async function startApp({ asAtFirst = false, ...options }: Partial<AppOptions> = {}): Promise<TestApp> {
  const root = await mkdtemp(path.join(tmpdir(), 'ferry-app-'));
  const userDataDirectory = path.join(root, 'user-data');
  const launch = (change: Partial<LaunchOptions> = {}): Promise<RunningApp> => launchApp({
    userDataDirectory,
    ...options,
    ...change,
    env: { COS_FERRY_TEST: '1', ...options.env, ...change.env },
  });
  const app: TestApp = {
    userDataDirectory,
    scratch: path.join(root, 'scratch'),
    running: await launch(),
    async restart(change) {
      await app.running.close();
      app.running = await launch(change);
    },
    async dispose() {
      await quitWithoutAsking(app);
      await app.running.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  if (!asAtFirst) await startAtOnce(app.running.page);
  return app;
}

/** In the app as it runs now, which a restart changes. */
export const evaluateInMain = (app: TestApp): RunningApp['evaluateInMain'] => app.running.evaluateInMain;

/** Nobody is there to answer the question that quitting with unfinished uploads asks. */
async function quitWithoutAsking(app: TestApp): Promise<void> {
  await answerQuitQuestion(app, 'quit').catch(() => undefined);
}

/** From now on the question whether to quit is answered so, and counted on `globalThis.quitQuestions`. */
export function answerQuitQuestion(app: TestApp, answer: 'quit' | 'keep'): Promise<void> {
  return evaluateInMain(app)(({ dialog }, wanted) => {
    const asked = globalThis as unknown as { quitQuestions: string[] };
    asked.quitQuestions ??= [];
    type Box = { buttons: string[]; message: string };
    dialog.showMessageBox = ((...args: unknown[]) => {
      const box = args.at(-1) as Box;
      asked.quitQuestions.push(box.message);
      const response = box.buttons.findIndex((button) => /quit/i.test(button) === (wanted === 'quit'));
      return Promise.resolve({ response, checkboxChecked: false });
    }) as unknown as typeof dialog.showMessageBox;
  }, answer);
}

export interface Notice {
  readonly title: string;
  readonly body: string;
}

/** The notifications so far. */
export function notices(app: TestApp): Promise<readonly Notice[]> {
  return evaluateInMain(app)(() => (globalThis as unknown as { cosFerry: TestHandle }).cosFerry.notices.map(({ title, body }) => ({ title, body })));
}

/** Every message that has crossed between the window and main. */
export function messages(app: TestApp): Promise<TestHandle['messages']> {
  return evaluateInMain(app)(() => (globalThis as unknown as { cosFerry: TestHandle }).cosFerry.messages.map((message) => ({ ...message })));
}

export function clickTrayItem(app: TestApp, id: string): Promise<void> {
  return evaluateInMain(app)((_electron, itemId) => {
    const item = (globalThis as unknown as { cosFerry: TestHandle }).cosFerry.trayMenu().getMenuItemById(itemId);
    if (!item) throw new Error(`The tray has no ${itemId}.`);
    item.click();
  }, id);
}

export function trayLabels(app: TestApp): Promise<readonly string[]> {
  return evaluateInMain(app)(() => (globalThis as unknown as { cosFerry: TestHandle }).cosFerry.trayMenu().items.map((item) => item.label));
}

export function trayTooltip(app: TestApp): Promise<string> {
  return evaluateInMain(app)(() => (globalThis as unknown as { cosFerry: TestHandle }).cosFerry.trayTooltip());
}
