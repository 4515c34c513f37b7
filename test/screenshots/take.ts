import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { LanguageChoice } from '../../preload/contract.ts';
import { startSandbox } from '../../main/sandbox/sandbox.ts';
import { launchApp, request, screenshot, type RunningApp } from '../setup/app-driver.ts';
import { screens, type Stage } from './screens.ts';

/** The app is started with the pseudo-language as the system's. */
const languages: Readonly<Record<string, LanguageChoice>> = { en: 'en', zh: 'zh-CN', pseudo: 'system' };
const themes = ['light', 'dark'] as const;
const sizes = [[960, 680], [640, 480]] as const;

/** Takes the named screens, or all; true when every screen could be shown. */
export async function takeScreenshots(wanted: readonly string[]): Promise<boolean> {
  const directory = await mkdtemp(path.join(tmpdir(), 'cos-ferry-screenshots-'));
  const userDataDirectory = path.join(directory, 'user-data');
  const scratch = path.join(directory, 'builds');
  await mkdir(scratch);
  const cloud = await startSandbox({ directory: path.join(directory, 'cloud') });
  const app = await launchApp({
    userDataDirectory,
    env: { COS_FERRY_TEST: '1', COS_FERRY_LANGUAGE: 'pseudo', LC_ALL: 'C.UTF-8', XDG_CONFIG_HOME: path.join(directory, 'config') },
    args: process.env['COS_FERRY_SCALE'] ? [`--force-device-scale-factor=${process.env['COS_FERRY_SCALE']}`] : [],
  });
  const stage: Stage = { app, page: app.page, scratch, cloud };
  const failed: string[] = [];
  try {
    for (const screen of screens) {
      await request(app.page, 'setPreferences', { languageChoice: 'en', themeChoice: 'light', startsAtOnce: screen.asks !== true });
      await resize(app, ...sizes[0]);
      try {
        await screen.show(stage);
        if (wanted.length === 0 || wanted.includes(screen.name)) await takeAll(app, screen.name);
      } catch (error) {
        failed.push(screen.name);
        await screenshot(app.page, `screenshots/${screen.name}-failed`);
        console.error(`${screen.name}: ${String(error)}`);
      }
      await request(app.page, 'setPreferences', { languageChoice: 'en', themeChoice: 'light' });
      await screen.leave?.(stage);
    }
  } finally {
    await app.electron.evaluate(({ app: electron }) => { electron.exit(0); }).catch(() => undefined);
    await app.close();
    await cloud.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
  console.log(`${screens.length - failed.length} of ${screens.length} screens are in test/results/screenshots/.`);
  return failed.length === 0;
}

async function takeAll(app: RunningApp, name: string): Promise<void> {
  // Nothing looks pointed at that is not.
  await app.page.mouse.move(0, 0);
  await app.page.emulateMedia({ forcedColors: 'active' });
  await screenshot(app.page, `screenshots/${name}-en-forced-960`);
  await app.page.emulateMedia({ contrast: 'more', forcedColors: 'none' });
  await screenshot(app.page, `screenshots/${name}-en-contrast-960`);
  await app.page.emulateMedia({ contrast: null, forcedColors: null });
  for (const [width, height] of sizes) {
    await resize(app, width, height);
    for (const [language, languageChoice] of Object.entries(languages)) {
      for (const themeChoice of themes) {
        await request(app.page, 'setPreferences', { languageChoice, themeChoice });
        await app.page.locator(`html[data-theme=${themeChoice}]`).waitFor();
        await screenshot(app.page, `screenshots/${name}-${language}-${themeChoice}-${width}`);
      }
    }
  }
}

async function resize({ evaluateInMain, page }: RunningApp, width: number, height: number): Promise<void> {
  await evaluateInMain(({ BrowserWindow }, size) => { BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height); }, { width, height });
  await page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, { width, height });
}
