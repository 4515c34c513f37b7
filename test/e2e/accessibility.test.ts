import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads } from '../setup/upload-watch.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';

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

function resize(width: number, height: number): Promise<void> {
  return evaluateInMain(app)(({ BrowserWindow }, size) => { BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height); }, { width, height });
}

describe.each<['en' | 'zh-CN', 'light' | 'dark']>([['en', 'light'], ['en', 'dark'], ['zh-CN', 'light'], ['zh-CN', 'dark']])('in %s and %s', (language, theme) => {
  const words = {
    'en': { account: /^Account: /, add: 'Add account…', settings: 'Settings', history: 'History', search: 'Search the history', shortcuts: 'Keyboard shortcuts', about: 'About COS Ferry', undo: 'Undo' },
    'zh-CN': { account: /^账号：/, add: '添加账号…', settings: '设置', history: '历史记录', search: '搜索历史记录', shortcuts: '键盘快捷键', about: '关于 COS Ferry', undo: '撤销' },
  }[language];

  beforeAll(async () => {
    await request(app.running.page, 'setPreferences', { languageChoice: language, themeChoice: theme });
    await app.running.page.getByRole('button', { name: words.settings, exact: true }).waitFor();
  });

  test('the list has nothing that axe would find', async () => {
    await screenshot(app.running.page, `list-${language}-${theme}`);
    expect(await findings()).toEqual([]);
  });

  test('nor has it with rows selected and unfolded, at the least size', async () => {
    const { page } = app.running;
    const row = page.getByRole('row', { name: 'build.zip' });
    await row.focus();
    await page.keyboard.press('ArrowRight');
    await row.getByText('CRC64').waitFor();
    await page.keyboard.press('Control+a');
    await screenshot(page, `list-selected-${language}-${theme}`);
    expect(await findings()).toEqual([]);
    await resize(640, 480);
    await screenshot(page, `list-small-${language}-${theme}`);
    expect(await findings()).toEqual([]);
    await resize(960, 680);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Escape');
  });

  test('nor has the menu of a row, nor a search that finds nothing', async () => {
    const { page } = app.running;
    await page.getByRole('row', { name: 'build.zip' }).focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menu').waitFor();
    await screenshot(page, `row-menu-${language}-${theme}`);
    expect(await findings()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox').fill('nowhere');
    await page.getByRole('grid').waitFor({ state: 'detached' });
    await screenshot(page, `nothing-found-${language}-${theme}`);
    expect(await findings()).toEqual([]);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('grid').waitFor();
  });

  test('nor has the offer to undo a removal', async () => {
    const { page } = app.running;
    const { id } = await request(page, 'clearFinished');
    await request(page, 'undoRemoval', id);
    await page.getByRole('row', { name: 'build.zip' }).waitFor();
    await page.getByRole('row', { name: 'build.zip' }).focus();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: words.undo }).waitFor();
    await screenshot(page, `undo-${language}-${theme}`);
    expect(await findings()).toEqual([]);
    await page.getByRole('button', { name: words.undo }).click();
    await page.getByRole('row', { name: 'build.zip' }).waitFor();
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
    const { page } = app.running;
    for (const id of ['shortcuts', 'about'] as const) {
      await evaluateInMain(app)(({ Menu }, item) => { Menu.getApplicationMenu()?.getMenuItemById(item)?.click(); }, id);
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
    await page.getByRole('searchbox', { name: words.search }).waitFor({ state: 'hidden' });
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
