import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Destination } from '../../preload/contract.ts';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads } from '../setup/upload-watch.ts';
import { axeFindings } from '../support/axe.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';

const car: Destination = { service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null };
const ms: Destination = { ...car, service: 'ms', applicationId: '' };
const regions = ['ap-shanghai', 'ap-beijing', 'ap-singapore', 'ap-hongkong', 'na-siliconvalley', ''];
let app: TestApp;

beforeAll(async () => {
  app = await startApp();
  const { page } = app.running;
  const watch = await watchUploads(page);
  await mkdir(app.scratch, { recursive: true });
  const send = async (name: string, destination: Destination) => {
    const file = path.join(app.scratch, name);
    await writeFile(file, 'x');
    await request(page, 'setDestination', destination);
    await watch.finished(() => dropFiles(page, [file]));
  };
  await send('build.zip', car);
  for (const region of regions) await send(`${region || 'default'}.apk`, { ...ms, cosRegion: region });
});

afterAll(() => app.dispose());

const row = (name: string) => app.running.page.getByRole('row', { name });
const targets = () => app.running.page.locator('[data-drop-target]');

async function resize(width: number, height: number): Promise<void> {
  await evaluateInMain(app)(({ BrowserWindow }, size) => { BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height); }, { width, height });
  await app.running.page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, { width, height });
}

async function endDrag(): Promise<void> {
  await app.running.page.evaluate(() => { window.dispatchEvent(new DragEvent('dragleave')); });
}

test('a region that was chosen is named wherever something goes, and so is the application by its name and ID', async () => {
  const { page } = app.running;
  await request(page, 'setDestination', { ...ms, cosRegion: 'ap-singapore' });
  await row('ap-singapore.apk').getByText('Mobile Security · ap-singapore · Sandbox (this computer)').waitFor();
  await row('default.apk').getByText('Mobile Security · Sandbox (this computer)').waitFor();
  await dropFiles(page, [path.join(app.scratch, 'build.zip')], { letGo: false });
  await page.getByText('Mobile Security · ap-singapore · Sandbox (this computer)').first().waitFor();
  await endDrag();
  await request(page, 'setDestination', car);
  await row('build.zip').getByText('Cloud Application Rendering · app-sandbox · Sandbox (this computer)').waitFor();
  const field = page.getByRole('combobox', { name: 'Application ID' });
  await field.click();
  await page.getByRole('option', { name: /Sandbox.*app-sandbox/ }).click();
  await row('build.zip').getByText('Cloud Application Rendering · Sandbox (app-sandbox) · Sandbox (this computer)').waitFor();
  await expect.poll(() => field.inputValue()).toBe('Sandbox (app-sandbox)');
  await field.click();
  await expect.poll(() => field.inputValue()).toBe('app-sandbox');
  await page.keyboard.press('Escape');
});

test.each([[960, 680], [640, 480]])('at %i × %i every recent destination can be dropped onto, told from the others, and nothing shines through', async (width, height) => {
  const { page } = app.running;
  await resize(width, height);
  await dropFiles(page, [path.join(app.scratch, 'build.zip')], { letGo: false });
  await expect.poll(() => targets().count()).toBe(6);
  await screenshot(page, `drop-targets-${width}`);
  const texts = await targets().evaluateAll((all) => all.map((target) => {
    const pieces = [...target.children] as HTMLElement[];
    return { text: target.textContent.trim(), cut: pieces.some((piece) => piece.scrollWidth > piece.clientWidth || piece.scrollHeight > piece.clientHeight + 1) };
  }));
  expect(texts.filter(({ cut }) => cut)).toEqual([]);
  expect(new Set(texts.map(({ text }) => text)).size).toBe(6);
  const overlay = await page.evaluate(() => getComputedStyle(document.elementFromPoint(2, 2)!).backgroundColor);
  expect(overlay).toMatch(/^rgb\(/);
  expect(await axeFindings(page)).toEqual([]);
  await endDrag();
});

test.each([[960, 680], [640, 480]])('at %i × %i every recent destination is reached by mouse and by keyboard: those that have no room are in a menu', async (width, height) => {
  const { page } = app.running;
  await resize(width, height);
  const chips = page.getByRole('list', { name: 'Recent destinations' }).getByRole('button');
  const more = page.getByRole('button', { name: 'More recent destinations' });
  await more.click();
  const items = page.getByRole('menuitem');
  await items.first().waitFor();
  await screenshot(page, `recent-destinations-${width}`);
  expect(await axeFindings(page)).toEqual([]);
  expect(await chips.count() + await items.count()).toBe(6);
  expect(await chips.count()).toBeGreaterThan(1);
  for (const chip of await chips.all()) {
    expect(await chip.evaluate((element) => {
      const { left, right, top } = element.getBoundingClientRect();
      return [left + 4, right - 4].every((x) => element.contains(document.elementFromPoint(x, top + 13)));
    })).toBe(true);
  }
  await page.keyboard.press('End');
  const last = await items.last().textContent();
  await page.keyboard.press('Enter');
  await expect.poll(async () => last?.includes((await request(page, 'getState')).app.destination.cosRegion)).toBe(true);
  await request(page, 'setDestination', car);
});
