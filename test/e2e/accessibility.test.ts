import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads } from '../setup/upload-watch.ts';
import { startApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let axeSource: string;

beforeAll(async () => {
  axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  app = await startApp();
  const { page } = app.running;
  await page.evaluate(axeSource);
  const watch = await watchUploads(page);
  await mkdir(path.join(app.scratch, 'empty'), { recursive: true });
  const build = path.join(app.scratch, 'build.zip');
  await writeFile(build, 'zip');
  await watch.finished(() => dropFiles(page, [build]));
  await watch.finished(() => dropFiles(page, [path.join(app.scratch, 'empty')]));
});

afterAll(() => app.dispose());

/** What axe finds in the window as it is now, in a line each. */
async function findings(): Promise<readonly string[]> {
  // A colour in the middle of a transition belongs to neither theme.
  await app.running.page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
  const results = await app.running.page.evaluate(() => (globalThis as unknown as { axe: { run(): Promise<unknown> } }).axe.run()) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}

describe.each<['en' | 'zh-CN', 'light' | 'dark']>([['en', 'light'], ['en', 'dark'], ['zh-CN', 'light'], ['zh-CN', 'dark']])('in %s and %s', (language, theme) => {
  const words = {
    'en': { account: /^Account: /, add: 'Add account…', settings: 'Settings', history: 'History', search: 'Search the history', shortcuts: 'Keyboard shortcuts', about: 'About COS Ferry' },
    'zh-CN': { account: /^账号：/, add: '添加账号…', settings: '设置', history: '历史记录', search: '搜索历史记录', shortcuts: '键盘快捷键', about: '关于 COS Ferry' },
  }[language];

  beforeAll(async () => {
    await request(app.running.page, 'setPreferences', { languageChoice: language, themeChoice: theme });
    await app.running.page.getByRole('button', { name: words.settings, exact: true }).waitFor();
  });

  test('the list has nothing that axe would find', async () => {
    await screenshot(app.running.page, `list-${language}-${theme}`);
    expect(await findings()).toEqual([]);
  });

  test('nor has the account menu', async () => {
    const { page } = app.running;
    await page.getByRole('button', { name: words.account }).click();
    expect(await findings()).toEqual([]);
    await page.keyboard.press('Escape');
  });

  test('nor has any page of the settings', async () => {
    const { page } = app.running;
    await page.getByRole('button', { name: words.settings, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: words.settings });
    for (let tab = 0; tab < 4; tab++) {
      await dialog.getByRole('tab').nth(tab).click();
      expect(await findings()).toEqual([]);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  test('nor have the shortcuts and the about box', async () => {
    const { page, electron } = app.running;
    for (const id of ['shortcuts', 'about'] as const) {
      await electron.evaluate(({ Menu }, item) => { Menu.getApplicationMenu()?.getMenuItemById(item)?.click(); }, id);
      await page.getByRole('dialog', { name: words[id] }).waitFor();
      expect(await findings()).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
    }
  });

  test('nor has the history, unfolded, and with nothing found', async () => {
    const { page } = app.running;
    await page.getByRole('button', { name: words.history, exact: true }).click();
    const first = page.getByRole('listitem').first().getByRole('button').first();
    await first.click();
    expect(await findings()).toEqual([]);
    await first.click();
    await page.getByRole('searchbox', { name: words.search }).fill('no such thing');
    await page.getByRole('listitem').first().waitFor({ state: 'hidden' });
    expect(await findings()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox').waitFor({ state: 'hidden' });
  });

  test('nor has the account form, with a problem in it', async () => {
    const { page } = app.running;
    await page.getByRole('button', { name: words.account }).click();
    await page.getByRole('menuitem', { name: words.add }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button').last().click();
    await dialog.getByRole('textbox').first().and(page.locator('[aria-invalid=true]')).waitFor();
    await screenshot(page, `account-form-${language}-${theme}`);
    expect(await findings()).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });
});
