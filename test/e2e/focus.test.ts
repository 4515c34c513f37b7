import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { eventChannel } from '../../preload/contract.ts';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads, type UploadWatch } from '../setup/upload-watch.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';
import { Gates } from '../support/slow-sandbox.ts';
import { aDelta, anUpload, aSource } from '../unit/window-views.ts';

let app: TestApp;
let watch: UploadWatch;
let cloud: Sandbox;
let cloudDirectory: string;
const gates = new Gates();
const page = () => app.running.page;
const button = (name: string) => page().getByRole('button', { name, exact: true });
const row = (name: string) => page().getByRole('row', { name, exact: true });

beforeAll(async () => {
  cloudDirectory = await mkdtemp(path.join(tmpdir(), 'ferry-cloud-'));
  cloud = await startSandbox({ directory: cloudDirectory, faults: gates.faults });
  app = await startApp();
  const { secretId, secretKey } = cloud.accounts[0]!;
  await request(page(), 'addAccount', { label: 'Studio', site: 'china', secretId, secretKey, apiEndpoint: cloud.url, cosDomain: cloud.url, sessionOnly: true });
  await request(page(), 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
  watch = await watchUploads(page());
  await mkdir(app.scratch, { recursive: true });
  await watch.finished(async () => dropFiles(page(), [await file('arrived.apk')]));
  gates.close('UploadPart');
  await dropFiles(page(), [await file('going.apk', randomBytes(21_000_000))]);
  await gates.reached('UploadPart', 1);
});

afterAll(async () => {
  gates.open('UploadPart');
  await app?.dispose();
  await cloud?.close();
  await rm(cloudDirectory, { recursive: true, force: true });
});

async function file(name: string, content: string | Buffer = name): Promise<string> {
  const full = path.join(app.scratch, name);
  await writeFile(full, content);
  return full;
}

/** What has the keyboard, by its name. */
const focused = (): Promise<string> => page().evaluate(() => {
  const element = document.activeElement;
  return element === null || element === document.body ? 'nothing' : element.getAttribute('aria-label') ?? element.textContent!.trim();
});

test('the settings open with the keyboard on their first tab, and closing them gives it back', async () => {
  for (const close of ['Escape', 'Done']) {
    await button('Settings').focus();
    await page().keyboard.press('Enter');
    const dialog = page().getByRole('dialog', { name: 'Settings' });
    await dialog.waitFor();
    expect(await dialog.getByRole('tab', { selected: true }).evaluate((tab) => tab === document.activeElement)).toBe(true);
    await screenshot(page(), 'focus-settings');
    if (close === 'Escape') await page().keyboard.press('Escape');
    else await dialog.getByRole('button', { name: close }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(await focused()).toBe('Settings');
  }
});

test('so do the shortcuts, the account form and the questions', async () => {
  await row('arrived.apk').focus();
  await page().keyboard.press('?');
  await page().getByRole('dialog').waitFor();
  await page().keyboard.press('Escape');
  expect(await focused()).toBe('arrived.apk');

  await button('Account: Studio').press('Enter');
  await page().getByRole('menuitem', { name: 'Add account…' }).press('Enter');
  await page().getByRole('dialog').waitFor();
  await page().keyboard.press('Escape');
  expect(await focused()).toBe('Account: Studio');

  await button('Cancel all').press('Enter');
  await page().getByRole('dialog').waitFor();
  await page().keyboard.press('Escape');
  expect(await focused()).toBe('Cancel all');
});

test('clearing the history keeps the keyboard, and leaving it leads back to the way in', async () => {
  await button('History').press('Enter');
  await button('Clear history').press('Enter');
  await page().getByRole('dialog').getByRole('button', { name: 'Clear history' }).press('Enter');
  await page().getByRole('dialog').waitFor({ state: 'detached' });
  expect(await focused()).toBe('Clear history');
  await page().keyboard.press('Escape');
  await expect.poll(focused).toBe('History');
});

test('a refused form puts the keyboard into what is to be mended', async () => {
  await button('Account: Studio').press('Enter');
  await page().getByRole('menuitem', { name: 'Add account…' }).press('Enter');
  const dialog = page().getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Other');
  await dialog.getByRole('button', { name: 'Add account' }).press('Enter');
  await expect.poll(() => dialog.getByRole('textbox', { name: 'SecretId' }).evaluate((field) => field === document.activeElement)).toBe(true);
  await screenshot(page(), 'focus-refused');
  await page().keyboard.press('Escape');
});

test('pausing and going on is one button, which keeps the keyboard', async () => {
  await button('Pause all').press('Enter');
  await expect.poll(focused).toBe('Resume all');
  await screenshot(page(), 'focus-resume');
  await page().keyboard.press('Enter');
  await expect.poll(focused).toBe('Pause all');
});

test('what is taken off the list as its last leads to Undo, whose key works over the empty list', async () => {
  gates.open('UploadPart');
  await watch.until(() => [...watch.uploads.values()].every(({ phase }) => phase === 'done'));
  await row('going.apk').focus();
  await page().keyboard.press('Delete');
  await expect.poll(focused).toBe('arrived.apk');
  await page().keyboard.press('Delete');
  await expect.poll(focused).toBe('Undo');
  await screenshot(page(), 'focus-undo');
  await page().keyboard.press('Control+z');
  await row('arrived.apk').waitFor();
  await expect.poll(focused).toBe('arrived.apk');

  await button('Clear finished').press('Enter');
  await expect.poll(focused).toBe('Undo');
  await page().keyboard.press('Enter');
  await row('arrived.apk').waitFor();
  await expect.poll(focused).toBe('arrived.apk');
});

test('cancelling a file of a folder asks first where much of it was sent', async () => {
  // Told by main, as if gigabytes had been sent.
  const large = { phase: 'uploading', service: 'ms', bytesSent: 2e9, bytesTotal: 4e9, fraction: 0.5 } as const;
  const delta = aDelta({ sources: [aSource('disc', { kind: 'folder', service: 'ms' })], uploads: [anUpload('one', 'disc', { ...large, name: 'one.pak' }), anUpload('two', 'disc', { ...large, name: 'two.pak', bytesSent: 10 })] });
  await evaluateInMain(app)(({ BrowserWindow }, [channel, payload]) => { BrowserWindow.getAllWindows()[0]!.webContents.send(channel, payload); }, [eventChannel('uploads'), JSON.stringify(delta)] as const);
  await button('Files in disc').click();
  await button('Cancel one.pak').press('Enter');
  const dialog = page().getByRole('dialog', { name: 'Cancel one.pak?' });
  await dialog.getByText('2 GB already sent').waitFor();
  await screenshot(page(), 'focus-cancel-file');
  await page().keyboard.press('Escape');
  await expect.poll(focused).toBe('Cancel one.pak');
  // It knows none of them, and answers as for any that is gone.
  await button('Cancel two.pak').press('Enter');
  expect(await page().getByRole('dialog').count()).toBe(0);
});
