import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads } from '../setup/upload-watch.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startApp();
  await mkdir(app.scratch, { recursive: true });
  const { page } = app.running;
  await request(page, 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
  const watch = await watchUploads(page);
  for (const name of ['first.apk', 'second.apk']) {
    await writeFile(path.join(app.scratch, name), name);
    await watch.finished(() => dropFiles(page, [path.join(app.scratch, name)]));
  }
  await request(page, 'clearFinished');
});

afterAll(() => app.dispose());

const page = () => app.running.page;
const rows = () => page().getByRole('region', { name: 'History' }).getByRole('listitem');
const clipboardText = () => evaluateInMain(app)(({ clipboard }) => clipboard.readText());

test('what was taken off the list is in the history, the newest first', async () => {
  await page().getByRole('button', { name: 'History', exact: true }).click();
  await expect.poll(() => rows().count()).toBe(2);
  expect(await rows().first().getAttribute('aria-label')).toBe('second.apk');
});

test('a search shows what it finds, and Escape takes it back before it leaves', async () => {
  await page().getByRole('searchbox', { name: 'Search the history' }).fill('FIRST');
  await expect.poll(() => rows().count()).toBe(1);
  await page().getByRole('searchbox').fill('third');
  await page().getByText('Nothing in the history matches “third”.').waitFor();
  await page().keyboard.press('Escape');
  await expect.poll(() => rows().count()).toBe(2);
});

test('Ctrl+F leads to the search from wherever the keyboard is', async () => {
  await rows().first().getByRole('button').first().focus();
  await page().keyboard.press('Control+f');
  await page().keyboard.type('first');
  await expect.poll(() => rows().count()).toBe(1);
  await page().keyboard.press('Escape');
  await expect.poll(() => rows().count()).toBe(2);
});

test('Escape closes a menu over it, and the next one the history', async () => {
  await page().getByRole('button', { name: 'Export' }).click();
  await page().getByRole('menuitem', { name: 'CSV' }).waitFor();
  await page().keyboard.press('Escape');
  await page().getByRole('menuitem', { name: 'CSV' }).waitFor({ state: 'hidden' });
  expect(await rows().count()).toBe(2);
  await page().keyboard.press('Escape');
  await page().getByRole('region', { name: 'History' }).waitFor({ state: 'detached' });
  await page().getByRole('button', { name: 'History', exact: true }).click();
  await expect.poll(() => rows().count()).toBe(2);
});

test('an entry unfolds, and its CRC64 can be copied', async () => {
  const row = rows().first();
  await row.getByRole('button', { expanded: false }).click();
  const [entry] = (await request(page(), 'history', { search: 'second.apk', outcome: null, offset: 0, limit: 1 })).rows.map(({ entry: each }) => each);
  await row.getByRole('button', { name: 'Copy CRC64' }).click();
  await expect.poll(clipboardText).toBe(entry!.crc64);
  await row.getByRole('button', { name: 'Copy Key' }).click();
  await expect.poll(clipboardText).toBe(entry!.key);
  await screenshot(page(), 'history-unfolded');
});

test('a folder is one row with its files in it, and can be uploaded again', async () => {
  const folder = path.join(app.scratch, 'Build');
  await mkdir(folder);
  for (const name of ['a.apk', 'b.apk', 'c.apk']) await writeFile(path.join(folder, name), name);
  await dropFiles(page(), [folder]);
  await page().getByRole('button', { name: 'History', exact: true }).click();
  const row = rows().filter({ hasText: '3 files, 15 B' });
  await row.getByRole('button', { expanded: false }).click();
  const files = row.getByRole('list', { name: 'Files in Build' }).getByRole('listitem');
  await expect.poll(() => files.count()).toBe(3);
  await files.first().getByRole('button', { expanded: false }).click();
  await files.first().getByRole('button', { name: 'Copy URL' }).click();
  await expect.poll(clipboardText).toMatch(/^http.*Build\/[abc]\.apk$/);
  await screenshot(page(), 'history-folder');
  await request(page(), 'setPreferences', { startsAtOnce: false });
  await row.getByRole('button', { name: 'Upload again' }).click();
  const card = page().getByRole('group', { name: /^Build/ });
  await card.getByText('“Build” was uploaded today').waitFor();
  await screenshot(page(), 'uploaded-before');
  await card.getByRole('button', { name: 'Don’t upload' }).click();
  await request(page(), 'setPreferences', { startsAtOnce: true });
});

test('it is filtered by outcome, and the arrows go from row to row', async () => {
  await page().getByRole('button', { name: 'History', exact: true }).click();
  await expect.poll(() => rows().count()).toBe(3);
  await rows().first().getByRole('button').first().focus();
  await page().keyboard.press('ArrowDown');
  expect(await rows().nth(1).getByRole('button').first().evaluate((one) => one === document.activeElement)).toBe(true);
  await page().getByRole('radio', { name: 'Failed' }).check();
  await page().getByText('Other uploads are hidden by the filter.').waitFor();
  await screenshot(page(), 'history-filtered');
  await page().getByRole('button', { name: 'Show everything' }).click();
  await rows().first().getByRole('button', { expanded: false }).first().click();
  await evaluateInMain(app)(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]!.setContentSize(640, 480); });
  await request(page(), 'setPreferences', { languageChoice: 'zh-CN', themeChoice: 'dark' });
  await page().getByRole('heading', { name: '历史记录' }).waitFor({ state: 'attached' });
  await screenshot(page(), 'history-small-zh');
  await request(page(), 'setPreferences', { languageChoice: 'en', themeChoice: 'light' });
  await screenshot(page(), 'history-small');
  await rows().first().getByRole('button', { expanded: true }).first().click();
  await evaluateInMain(app)(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]!.setContentSize(960, 680); });
  await page().getByRole('radio', { name: 'Failed' }).check();
  await page().getByRole('button', { name: 'Show everything' }).click();
  await expect.poll(() => rows().count()).toBe(3);
});

test('what arrives meanwhile appears', async () => {
  await writeFile(path.join(app.scratch, 'third.apk'), 'third');
  await dropFiles(page(), [path.join(app.scratch, 'third.apk')]);
  await page().getByRole('button', { name: 'History', exact: true }).click();
  await expect.poll(() => rows().count()).toBe(4);
});

test.each(['csv', 'json'] as const)('the history is saved as %s where the person chooses', async (format) => {
  const file = path.join(app.scratch, `history.${format}`);
  await evaluateInMain(app)(({ dialog }, filePath) => {
    dialog.showSaveDialog = (() => Promise.resolve({ canceled: false, filePath })) as unknown as typeof dialog.showSaveDialog;
  }, file);
  await page().getByRole('button', { name: 'Export' }).click();
  await page().getByRole('menuitem', { name: format.toUpperCase() }).click();
  await page().getByText('Saved').waitFor();
  // The word may still be there from the format before.
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain('third.apk');
});

test('it is there after a restart, and clearing it is asked', async () => {
  await app.restart();
  await page().getByRole('button', { name: 'History', exact: true }).click();
  await expect.poll(() => rows().count()).toBe(4);
  await page().getByRole('button', { name: 'Clear history' }).click();
  const question = page().getByRole('dialog', { name: 'Clear the history?' });
  await question.getByRole('button', { name: 'Keep' }).click();
  expect(await rows().count()).toBe(4);
  await page().getByRole('button', { name: 'Clear history' }).click();
  await question.getByRole('button', { name: 'Clear history' }).click();
  await page().getByText('Nothing here yet').waitFor();
  await screenshot(page(), 'history-empty');
  expect(await request(page(), 'history', { search: '', outcome: null, offset: 0, limit: 10 })).toEqual({ rows: [], found: 0, count: 0 });
});

test('the bar below says what goes on, and takes nothing off a list that is out of sight', async () => {
  const bar = page().getByRole('contentinfo');
  await request(page(), 'setLimits', { parallelUploads: 1, partsInFlight: 1, bytesPerSecond: 200_000, timetable: [], resumesAtStart: true });
  await writeFile(path.join(app.scratch, 'slow.apk'), Buffer.alloc(4_000_000));
  const watch = await watchUploads(page());
  await dropFiles(page(), [path.join(app.scratch, 'first.apk'), path.join(app.scratch, 'slow.apk')]);
  await watch.until(() => [...watch.uploads.values()].map(({ phase }) => phase).sort().join() === 'done,uploading');
  await bar.getByRole('button', { name: 'Clear finished' }).waitFor();
  await page().getByRole('button', { name: 'History', exact: true }).click();
  await bar.getByText('1 in progress').waitFor();
  expect(await bar.getByRole('button').evaluateAll((all) => all.map((each) => each.ariaLabel ?? each.textContent!.trim()))).toEqual(['Pause all', 'Cancel all']);
  await screenshot(page(), 'history-while-uploading');
  await request(page(), 'cancelUploads', [...watch.uploads.keys()]);
  await bar.waitFor({ state: 'detached' });
});
