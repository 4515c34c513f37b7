import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { startAtOnce } from '../setup/app-driver.ts';
import { runScript } from './run-script.ts';

/** The unpacked app that `npm run dist -- --dir` makes, in a folder of its own. */
export interface InstalledApp {
  /** What `cos-ferry` is, and the binary that it starts. */
  readonly launcher: string;
  readonly binary: string;
  readonly resources: string;
}

/** Makes it. Throws what the builder said. */
export async function makeInstalledApp(output: string, environment: Readonly<Record<string, string>> = {}): Promise<InstalledApp> {
  await runScript('test/setup/dist.mjs', ['--dir', `-c.directories.output=${output}`], environment);
  const directory = path.join(output, 'linux-unpacked');
  return { launcher: path.join(directory, 'cos-ferry'), binary: path.join(directory, 'cos-ferry-app'), resources: path.join(directory, 'resources') };
}

/** Chromium's sandbox is root's or an installer's to give, which a folder of one's own has neither of. */
const noSandbox = '--no-sandbox';

export interface RunningInstalledApp {
  readonly page: Page;
  readonly pid: number;
  /** Quits politely and settles with the exit code. */
  quit(): Promise<number | null>;
}

/** Starts it as its menu entry does. Its fuses forbid an inspector, so the window alone is driven, over Chromium's own port. What is dropped starts at once. */
export async function startInstalledApp(app: InstalledApp, environment: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<RunningInstalledApp> {
  const child = spawn(app.launcher, [noSandbox, '--remote-debugging-port=0', ...args], {
    env: { ...process.env, LANGUAGE: 'en', LANG: 'en_US.UTF-8', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  let output = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (data: Buffer) => {
      output += data.toString();
      const found = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (found) resolve(found);
    });
    void ended.then(() => { reject(new Error(`The app ended:\n${output}`)); });
  });
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  const page = context!.pages()[0] ?? await context!.waitForEvent('page');
  await page.waitForFunction(() => 'ferry' in globalThis);
  await startAtOnce(page);
  return {
    page,
    pid: child.pid!,
    async quit() {
      await browser.close();
      child.kill('SIGTERM');
      const [code] = await ended;
      return code as number | null;
    },
  };
}
