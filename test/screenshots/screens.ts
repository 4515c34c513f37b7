import { mkdir, open, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Sandbox } from '../../main/sandbox/sandbox.ts';
import type { Destination, UploadPhase } from '../../preload/contract.ts';
import { dropFiles, request, type RunningApp } from '../setup/app-driver.ts';

/** What a screen has to show itself with: the app, in English, and whatever earlier screens have left. */
export interface Stage {
  readonly app: RunningApp;
  readonly page: Page;
  /** Files to drop live here. */
  readonly scratch: string;
  /** A cloud that can be switched off. */
  readonly cloud: Sandbox;
}

/** One state of the window: brings it about, and clears away what would be in the next one's way. */
export interface Screen {
  readonly name: string;
  /** What is dropped waits for its start. */
  readonly asks?: boolean;
  show(stage: Stage): Promise<void>;
  leave?(stage: Stage): Promise<void>;
}

const car: Destination = { service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null };
const ms: Destination = { ...car, service: 'ms', applicationId: '' };

const build = ['data/levels.pak', 'data/shaders.pak', 'Lighthouse.exe', 'README.txt'];

async function makeFile({ scratch }: Stage, name: string, bytes: number): Promise<string> {
  const file = path.join(scratch, name);
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'w');
  await handle.truncate(bytes);
  await handle.close();
  return file;
}

async function until({ page }: Stage, phase: UploadPhase, name: string): Promise<string> {
  for (let tries = 0; tries < 300; tries++) {
    const { uploads } = (await request(page, 'getState')).uploads;
    const upload = uploads.find((each) => each.name === name && each.phase === phase);
    if (upload) return upload.id;
    await page.waitForTimeout(100);
  }
  throw new Error(`${name} never was ${phase}.`);
}

const limit = async ({ page }: Stage, bytesPerSecond: number | null): Promise<void> => {
  const { limits } = (await request(page, 'getState')).app;
  await request(page, 'setLimits', { ...limits, bytesPerSecond });
};

const ids = async ({ page }: Stage): Promise<string[]> => (await request(page, 'getState')).uploads.uploads.map(({ id }) => id);
const escape = ({ page }: Stage): Promise<void> => page.keyboard.press('Escape');
const button = ({ page }: Stage, name: string) => page.getByRole('button', { name, exact: true });

async function openAccountMenu(stage: Stage): Promise<void> {
  await stage.page.getByRole('button', { name: /^Account: / }).click();
}

async function settingsPage(stage: Stage, name: string): Promise<void> {
  await button(stage, 'Settings').click();
  await stage.page.getByRole('tab', { name }).click();
}

/** Every screen, in an order in which each finds what it needs. */
export const screens: readonly Screen[] = [
  { name: 'welcome', show: ({ page }) => page.getByRole('heading', { name: 'Welcome to COS Ferry' }).waitFor(), leave: async (stage) => { await button(stage, 'Try it in the sandbox').click(); } },
  { name: 'empty', show: ({ page }) => page.getByRole('heading', { name: 'Drop a build anywhere on this window' }).waitFor() },
  { name: 'history-empty', show: (stage) => button(stage, 'History').click(), leave: escape },
  { name: 'account-menu', show: openAccountMenu, leave: escape },
  {
    name: 'account-form',
    async show(stage) {
      await openAccountMenu(stage);
      await stage.page.getByRole('menuitem', { name: 'Add account…' }).click();
      await stage.page.getByRole('dialog').getByRole('button').last().click();
      await stage.page.locator('[aria-invalid=true]').first().waitFor();
    },
    leave: escape,
  },
  { name: 'settings-general', show: (stage) => settingsPage(stage, 'General'), leave: escape },
  {
    name: 'settings-transfers',
    async show(stage) {
      await settingsPage(stage, 'Transfers');
      await button(stage, 'Add hours').click();
      await stage.page.getByRole('group', { name: '9:00 AM to 6:00 PM' }).waitFor();
    },
    async leave(stage) {
      await escape(stage);
      const { limits } = (await request(stage.page, 'getState')).app;
      await request(stage.page, 'setLimits', { ...limits, timetable: [] });
    },
  },
  {
    name: 'settings-network',
    async show(stage) {
      await settingsPage(stage, 'Network');
      await stage.page.getByRole('radio', { name: 'Custom' }).check({ force: true });
      await stage.page.getByRole('textbox', { name: 'Address' }).fill('http://me:secret@proxy');
      await stage.page.keyboard.press('Enter');
      await stage.page.getByRole('alert').waitFor();
    },
    leave: escape,
  },
  { name: 'settings-advanced', show: (stage) => settingsPage(stage, 'Advanced'), leave: escape },
  { name: 'shortcuts', show: ({ page }) => page.keyboard.press('?'), leave: escape },
  {
    name: 'about',
    show: ({ app }) => app.evaluateInMain(({ Menu }) => { Menu.getApplicationMenu()?.getMenuItemById('about')?.click(); }),
    leave: escape,
  },
  {
    name: 'pending-drop',
    async show(stage) {
      await request(stage.page, 'setDestination', { ...car, applicationId: '' });
      await dropFiles(stage.page, [await makeFile(stage, 'Lighthouse-1.4.2.zip', 1_000)]);
      await stage.page.getByRole('dialog').waitFor();
    },
    leave: async (stage) => { await button(stage, 'Don’t upload').click(); },
  },
  {
    name: 'preflight',
    asks: true,
    async show(stage) {
      await request(stage.page, 'setDestination', car);
      for (const name of build) await makeFile(stage, `Lighthouse 1.4.2/${name}`, 9_000_000);
      await dropFiles(stage.page, [path.join(stage.scratch, 'Lighthouse 1.4.2')]);
      await stage.page.getByText('packed as Lighthouse 1.4.2.zip, 4 entries', { exact: true }).waitFor();
    },
    leave: escape,
  },
  {
    name: 'preflight-warnings',
    asks: true,
    async show(stage) {
      for (const name of ['data/Levels.pak', 'data/levels.pak', 'con.txt', '灯塔说明.txt']) await makeFile(stage, `Nightly/${name}`, 9_000_000);
      await symlink(path.join(stage.scratch, 'Lighthouse 1.4.2'), path.join(stage.scratch, 'Nightly/latest'));
      await dropFiles(stage.page, [path.join(stage.scratch, 'Nightly')]);
      await stage.page.getByRole('list', { name: 'Before you start Nightly' }).getByText(/differ only in case/).waitFor();
    },
    leave: escape,
  },
  {
    name: 'preflight-several',
    asks: true,
    async show(stage) {
      for (const name of ['Lighthouse-1.4.2.zip', 'Lighthouse-1.4.3.zip']) {
        await dropFiles(stage.page, [await makeFile(stage, name, 1_000)]);
        await stage.page.getByRole('group', { name: `${name}, ready to start` }).getByText('sent as it is').waitFor();
      }
    },
    leave: async (stage) => { await escape(stage).then(() => escape(stage)); },
  },
  {
    name: 'preflight-failed',
    asks: true,
    async show(stage) {
      await mkdir(path.join(stage.scratch, 'Nightly (empty)'), { recursive: true });
      await dropFiles(stage.page, [path.join(stage.scratch, 'Nightly (empty)')]);
      await stage.page.getByRole('button', { name: /^Check again/ }).waitFor();
    },
    leave: escape,
  },
  {
    name: 'credential-failed',
    async show(stage) {
      await request(stage.page, 'setDestination', { ...car, applicationId: 'app-unknown' });
      await button(stage, 'Refresh credential').click();
      await stage.page.getByRole('region', { name: 'Destination' }).getByRole('alert').waitFor();
    },
    leave: async (stage) => { await request(stage.page, 'setDestination', car); },
  },
  {
    name: 'done',
    async show(stage) {
      await request(stage.page, 'setDestination', car);
      await dropFiles(stage.page, [path.join(stage.scratch, 'Lighthouse 1.4.2')]);
      await until(stage, 'done', 'Lighthouse 1.4.2.zip');
      await stage.page.getByRole('button', { name: /^Details of/ }).first().click();
    },
    leave: ({ page }) => page.getByRole('button', { name: /^Details of/ }).first().click(),
  },
  {
    name: 'applications',
    async show({ page }) {
      await page.getByRole('combobox', { name: 'Application ID' }).click();
      await page.getByRole('option').first().waitFor();
    },
    leave: escape,
  },
  {
    name: 'recent-destinations',
    async show(stage) {
      for (const [name, cosRegion] of [['lighthouse-hotfix.apk', ''], ['灯塔-补丁.apk', 'ap-shanghai']] as const) {
        await request(stage.page, 'setDestination', { ...ms, cosRegion });
        await dropFiles(stage.page, [await makeFile(stage, name, 2_000_000)]);
        await until(stage, 'done', name);
      }
      await request(stage.page, 'setDestination', car);
      await stage.page.getByRole('list', { name: 'Recent destinations' }).getByRole('button').nth(1).waitFor();
    },
  },
  {
    name: 'row-menu',
    async show({ page }) {
      await page.getByRole('row', { name: 'Lighthouse 1.4.2.zip' }).focus();
      await page.keyboard.press('Shift+F10');
    },
    leave: escape,
  },
  { name: 'selection', show: ({ page }) => page.keyboard.press('Control+a'), leave: escape },
  { name: 'locked', show: (stage) => button(stage, 'Lock this destination').click(), leave: (stage) => button(stage, 'Lock this destination').click() },
  {
    name: 'failed',
    async show(stage) {
      await mkdir(path.join(stage.scratch, 'Nightly (empty)'), { recursive: true });
      await dropFiles(stage.page, [path.join(stage.scratch, 'Nightly (empty)')]);
      await until(stage, 'failed', 'Nightly (empty).zip');
    },
  },
  {
    name: 'uploading',
    async show(stage) {
      await request(stage.page, 'clearFinished');
      await limit(stage, 12_000_000);
      await request(stage.page, 'setDestination', ms);
      await dropFiles(stage.page, [await makeFile(stage, '灯塔-安卓-1.4.2.apk', 640_000_000)]);
      await dropFiles(stage.page, [await makeFile(stage, 'lighthouse-android-release-1.4.2-build-20481-arm64-v8a-universal.aab', 2_400_000_000)]);
      for (let index = 0; index < 12; index++) await writeFile(await makeFile(stage, `symbols/module-${index}.sym`, 0), Buffer.alloc(40_000, index));
      await dropFiles(stage.page, [path.join(stage.scratch, 'symbols')]);
      await until(stage, 'uploading', '灯塔-安卓-1.4.2.apk');
      await stage.page.waitForTimeout(3_000);
    },
  },
  { name: 'cancel-question', show: (stage) => button(stage, 'Cancel all').click(), leave: escape },
  { name: 'drop-overlay', show: async (stage) => { await dropFiles(stage.page, [await makeFile(stage, 'over.zip', 10)], { letGo: false }); }, leave: ({ page }) => page.evaluate(() => { window.dispatchEvent(new DragEvent('dragleave')); }) },
  {
    name: 'paused',
    async show(stage) {
      await request(stage.page, 'pauseUploads', await ids(stage));
      await until(stage, 'paused', '灯塔-安卓-1.4.2.apk');
    },
    async leave(stage) {
      await request(stage.page, 'cancelUploads', await ids(stage));
      await until(stage, 'cancelled', '灯塔-安卓-1.4.2.apk');
      await request(stage.page, 'clearFinished');
    },
  },
  {
    name: 'offline',
    async show(stage) {
      const [key] = stage.cloud.accounts;
      if (!key) throw new Error('A sandbox has an account.');
      const account = await request(stage.page, 'addAccount', { label: 'Lighthouse Games', site: 'china', ...key, apiEndpoint: stage.cloud.url, cosDomain: stage.cloud.url, sessionOnly: true });
      await request(stage.page, 'selectAccount', account.id);
      await request(stage.page, 'setDestination', ms);
      await limit(stage, 6_000_000);
      await dropFiles(stage.page, [await makeFile(stage, 'lighthouse-1.4.3.apk', 400_000_000)]);
      await until(stage, 'uploading', 'lighthouse-1.4.3.apk');
      await stage.page.waitForTimeout(2_000);
      await stage.cloud.close();
      await stage.page.getByText('No connection.').waitFor();
    },
    async leave(stage) {
      await request(stage.page, 'cancelUploads', await ids(stage));
      await request(stage.page, 'selectAccount', 'sandbox');
    },
  },
  {
    name: 'history',
    async show(stage) {
      await button(stage, 'History').click();
      await stage.page.getByRole('listitem').first().waitFor();
    },
  },
  {
    name: 'history-unfolded',
    async show({ page }) {
      await page.getByRole('searchbox').fill('lighthouse');
      await page.getByRole('listitem', { name: 'Lighthouse 1.4.2.zip' }).getByRole('button').first().click();
    },
  },
  {
    name: 'history-nothing-found',
    show: ({ page }) => page.getByRole('searchbox').fill('lighthouse 2.0'),
    async leave(stage) {
      await escape(stage);
      await escape(stage);
    },
  },
];
