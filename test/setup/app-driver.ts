import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { _electron, type ElectronApplication, type Locator, type Page } from 'playwright-core';
import type { Bridge, Reply } from '../../preload/contract.ts';

const rootDirectory = path.resolve(import.meta.dirname, '../..');
const closeTimeoutMs = 15_000;

export interface LaunchOptions {
  /** Where the app keeps everything; an empty folder is a first start. */
  readonly userDataDirectory: string;
  /** On top of this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder of package.json; the project's unless given. */
  readonly appDirectory?: string;
  /** As on the command line, such as the paths of "Open with". */
  readonly args?: readonly string[];
}

export interface RunningApp {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /**
   * `electron.evaluate`, made again where V8 has collected the inspector's promise before it was
   * answered, as it may under the load of a large upload. What runs in it has to bear that.
   */
  readonly evaluateInMain: ElectronApplication['evaluate'];
  /** Quits as a person would; ends the process when it has not done so within 15 s. */
  close(): Promise<void>;
}

/** Starts the built app, in English unless `env` says otherwise, and waits for its window. */
export async function launchApp({ userDataDirectory, appDirectory = rootDirectory, env = {}, args = [] }: LaunchOptions): Promise<RunningApp> {
  const environment = { ...process.env, LANGUAGE: 'en', LANG: 'en_US.UTF-8', COS_FERRY_USER_DATA: userDataDirectory, ...env };
  const electron = await _electron.launch({
    args: ['.', ...args],
    cwd: appDirectory,
    env: Object.fromEntries(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  });
  const childProcess = electron.process();
  let output = '';
  for (const stream of [childProcess.stdout, childProcess.stderr]) stream?.on('data', (data: Buffer) => { output += data.toString(); });
  const close = async () => {
    const end = setTimeout(() => childProcess.kill('SIGKILL'), closeTimeoutMs);
    await electron.close().catch(() => undefined);
    clearTimeout(end);
  };
  try {
    const page = await electron.firstWindow();
    // Once it shows what main has answered: what a test lets main tell before that, the answer replaces. A hidden window draws no frames.
    await page.waitForFunction(() => document.querySelector('main') !== null, undefined, { polling: 20 });
    return { electron, page, evaluateInMain: evaluateIn(electron), close };
  } catch (error) {
    await close();
    throw new Error(`The app's window did not open. It said:\n${output}`, { cause: error });
  }
}

function evaluateIn(electron: ElectronApplication): ElectronApplication['evaluate'] {
  return (async (...args: Parameters<ElectronApplication['evaluate']>) => {
    for (let tries = 1; ; tries++) {
      try {
        return await electron.evaluate(...args);
      } catch (error) {
        if (tries === 5 || !String(error).includes('garbage collected')) throw error;
      }
    }
  }) as ElectronApplication['evaluate'];
}

type RequestName = Exclude<keyof Bridge, 'on' | 'dropFiles'>;
type Result<K extends RequestName> = Awaited<ReturnType<Bridge[K]>> extends Reply<infer T> ? T : never;

/** Sends a request through the window's own bridge. A refusal is thrown, with its problem. */
export async function request<K extends RequestName>(page: Page, name: K, ...args: Parameters<Bridge[K]>): Promise<Result<K>> {
  const reply = await page.evaluate(
    ([requestName, requestArguments]) => {
      const { ferry } = globalThis as unknown as { ferry: Record<string, (...values: unknown[]) => unknown> };
      return ferry[requestName]?.(...requestArguments);
    },
    [name, args] as [string, unknown[]],
  ) as Reply<Result<K>>;
  if (!reply.ok) throw new Error(`${name}: ${JSON.stringify(reply.problem)}`);
  return reply.value;
}

/** Ends the first run, and has what is dropped start at once. */
export async function startAtOnce(page: Page): Promise<void> {
  await request(page, 'endFirstRun');
  await request(page, 'setPreferences', { startsAtOnce: true });
}

/**
 * Drags files and folders (absolute paths) over the middle of the window, or `onto` something, and, unless told to
 * stay there, lets go: Chromium makes real `File`s of them, as it does for a person's drop.
 */
export async function dropFiles(page: Page, paths: readonly string[], { letGo = true, onto }: { readonly letGo?: boolean; readonly onto?: Locator } = {}): Promise<void> {
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  let at = { x: Math.round(width / 2), y: Math.round(height / 2) };
  const session = await page.context().newCDPSession(page);
  const copyOperation = 1;
  const drag = (type: 'dragEnter' | 'dragOver' | 'drop') => session.send('Input.dispatchDragEvent', {
    type,
    ...at,
    data: { items: [], files: [...paths], dragOperationsMask: copyOperation },
  });
  await drag('dragEnter');
  await drag('dragOver');
  if (onto) {
    // It may only be there while something is dragged.
    await onto.waitFor();
    const box = await onto.boundingBox();
    if (box) at = { x: Math.round(box.x + box.width / 2), y: Math.round(box.y + box.height / 2) };
    await drag('dragOver');
  }
  if (letGo) await drag('drop');
  await session.detach();
}

/** Saves what the window shows as test/results/{name}.png and returns that path. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const file = path.join(rootDirectory, 'test/results', `${name}.png`);
  await mkdir(path.dirname(file), { recursive: true });
  // Transitions are taken to their end: a picture of half a change helps nobody.
  await page.screenshot({ path: file, animations: 'disabled' });
  return file;
}
