import { access, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads } from '../setup/upload-watch.ts';
import { clickTrayItem, evaluateInMain, notices, startApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let config: string;

beforeAll(async () => {
  app = await startApp();
  await mkdir(app.scratch, { recursive: true });
  config = path.join(app.scratch, 'config');
  await app.restart({ env: { XDG_CONFIG_HOME: config } });
});

afterAll(() => app.dispose());

const page = () => app.running.page;
const menuItem = (id: string) => evaluateInMain(app)(({ Menu }, item) => { Menu.getApplicationMenu()!.getMenuItemById(item)!.click(); }, id);
const settings = () => page().getByRole('dialog', { name: 'Settings' });
const options = async () => (await request(page(), 'getState')).app.options;
const keptSettings = async () => JSON.parse(await readFile(path.join(app.userDataDirectory, 'settings.json'), 'utf8').catch(() => 'null')) as unknown;
const bounds = () => evaluateInMain(app)(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getBounds());

test('the menu opens the settings, and the arrow keys lead through their pages', async () => {
  await menuItem('settings');
  await settings().getByRole('tab', { name: 'General' }).press('ArrowRight');
  await settings().getByRole('tabpanel', { name: 'Transfers' }).waitFor();
  await page().keyboard.press('End');
  await settings().getByRole('tabpanel', { name: 'Advanced' }).waitFor();
  expect(await settings().getByRole('tab', { selected: true }).textContent()).toContain('Advanced');
});

test('a change holds at once and is kept', async () => {
  await settings().getByRole('tab', { name: 'Transfers' }).click();
  await settings().getByRole('radio', { name: 'Small' }).check({ force: true });
  await settings().getByLabel('Uploads at a time').fill('3');
  await page().keyboard.press('Enter');
  await expect.poll(async () => (await request(page(), 'getState')).app.limits.parallelUploads).toBe(3);
  expect((await options()).packLevel).toBe('small');
  await expect.poll(keptSettings).toMatchObject({ version: 2, options: { packLevel: 'small' }, limits: { parallelUploads: 3 } });
});

test('a proxy’s address that is none is said beside it and not taken; a good one is', async () => {
  await settings().getByRole('tab', { name: 'Network' }).click();
  await settings().getByRole('radio', { name: 'Custom' }).check({ force: true });
  const address = settings().getByRole('textbox', { name: 'Address' });
  await address.fill('http://me:secret@proxy:1');
  await address.press('Enter');
  await settings().getByRole('alert').getByText('is not a proxy’s address').waitFor();
  expect((await options()).proxy).toEqual({ kind: 'system' });
  await address.fill('proxy.example.com:8080');
  await address.press('Enter');
  await expect.poll(async () => (await options()).proxy).toEqual({ kind: 'custom', url: 'http://proxy.example.com:8080' });
  await screenshot(page(), 'settings-network');
  await settings().getByRole('radio', { name: 'None' }).check({ force: true });
  await expect.poll(async () => (await options()).proxy).toEqual({ kind: 'none' });
});

test.runIf(process.platform === 'linux')('starting at login is the desktop’s to do, and is taken back', async () => {
  const entry = path.join(config, 'autostart/cos-ferry.desktop');
  await settings().getByRole('tab', { name: 'General' }).click();
  const toggle = settings().getByRole('checkbox', { name: 'Start COS Ferry at login' });
  await toggle.check();
  await expect.poll(() => readFile(entry, 'utf8').catch(() => '')).toMatch(/^Exec=".+" "--hidden"$/m);
  await toggle.uncheck();
  await expect.poll(() => access(entry).then(() => 'there', () => 'gone')).toBe('gone');
});

test('without notifications nothing is told', async () => {
  await settings().getByRole('checkbox', { name: 'Show notifications' }).uncheck();
  await page().keyboard.press('Escape');
  await evaluateInMain(app)(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]!.hide(); });
  const watch = await watchUploads(page());
  await request(page(), 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
  await watch.finished(() => dropFiles(page(), [path.join(app.scratch, 'missing.bin')]));
  await page().waitForTimeout(2_000);
  expect(await notices(app)).toEqual([]);
  await request(page(), 'setPreferences', { notifies: true });
  await watch.finished(() => dropFiles(page(), [path.join(app.scratch, 'lost.bin')]));
  await expect.poll(async () => (await notices(app)).map(({ title }) => title), { timeout: 10_000 }).toEqual(['lost.bin was not uploaded']);
  await evaluateInMain(app)(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]!.show(); });
});

test('a question mark shows the shortcuts, but not while something is typed', async () => {
  await page().getByRole('button', { name: 'History', exact: true }).click();
  await page().getByRole('searchbox').press('?');
  expect(await page().getByRole('dialog').count()).toBe(0);
  await page().keyboard.press('Escape');
  await page().keyboard.press('Escape');
  await page().keyboard.press('?');
  await page().getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page().keyboard.press('Escape');
  await page().getByRole('dialog').waitFor({ state: 'hidden' });
});

test('the window comes back where and as large as it was', async () => {
  const place = { x: 210, y: 130, width: 801, height: 602 };
  await evaluateInMain(app)(({ BrowserWindow }, to) => { BrowserWindow.getAllWindows()[0]!.setBounds(to); }, place);
  await expect.poll(keptSettings).toMatchObject({ windowPlace: place });
  await app.restart();
  expect(await bounds()).toEqual(place);
});

test('at login it starts without its window, which comes when it is asked for', async () => {
  const isVisible = () => evaluateInMain(app)(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible());
  await app.restart({ args: ['--hidden'] });
  await page().getByRole('heading', { name: 'COS Ferry' }).waitFor({ state: 'attached' });
  await page().waitForTimeout(500);
  expect(await isVisible()).toBe(false);
  await clickTrayItem(app, 'open');
  await expect.poll(isVisible).toBe(true);
});

test('closing the window quits where the person wants that', async () => {
  await request(page(), 'setPreferences', { staysInTray: false });
  const ended = new Promise<void>((resolve) => { app.running.electron.once('close', () => { resolve(); }); });
  await evaluateInMain(app)(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]!.close(); }).catch(() => undefined);
  await ended;
});
