import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import type { LanguageChoice } from '../../preload/contract.ts';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads, type UploadWatch } from '../setup/upload-watch.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';
import { axeFindings } from '../support/axe.ts';
import { Gates } from '../support/slow-sandbox.ts';

let app: TestApp;
let watch: UploadWatch;
let cloud: Sandbox;
let cloudDirectory: string;
const gates = new Gates();
const page = () => app.running.page;
const button = (name: string) => page().getByRole('button', { name, exact: true });
const row = (name: string) => page().getByRole('row', { name, exact: true });
const longName = 'lighthouse-android-release-1.4.2-build-20481.sym';
const destination = { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null } as const;

beforeAll(async () => {
  cloudDirectory = await mkdtemp(path.join(tmpdir(), 'ferry-cloud-'));
  cloud = await startSandbox({ directory: cloudDirectory, faults: gates.faults });
  app = await startApp();
  const { secretId, secretKey } = cloud.accounts[0]!;
  await request(page(), 'addAccount', { label: 'Studio', site: 'china', secretId, secretKey, apiEndpoint: cloud.url, cosDomain: cloud.url, sessionOnly: true });
  await request(page(), 'setDestination', destination);
  watch = await watchUploads(page());
  for (const name of ['a.sym', 'b.sym', longName]) await file(`symbols/${name}`);
  await watch.finished(() => dropFiles(page(), [path.join(app.scratch, 'symbols')]));
  gates.close('UploadPart');
  gates.delaysMs.set('UploadPart', 2_000);
  await dropFiles(page(), [await file('going.apk', randomBytes(120_000_000))]);
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
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

/** The screen as it is now, in looks that differ in everything: axe finds nothing in any; and a picture in the system's colours. */
async function inAllLooks(name: string): Promise<void> {
  const looks: readonly [LanguageChoice, 'light' | 'dark', number, number][] = [['zh-CN', 'dark', 640, 480], ['en', 'light', 960, 680]];
  for (const [languageChoice, themeChoice, width, height] of looks) {
    await request(page(), 'setPreferences', { languageChoice, themeChoice });
    await evaluateInMain(app)(({ BrowserWindow }, size) => { BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height); }, { width, height });
    await page().waitForFunction(([language, theme, wide]) => document.documentElement.lang === language && document.documentElement.dataset.theme === theme && innerWidth === wide, [languageChoice, themeChoice, width]);
    await screenshot(page(), `axe-${name}-${languageChoice}-${themeChoice}-${width}`);
    expect(await axeFindings(page())).toEqual([]);
  }
  await page().emulateMedia({ forcedColors: 'active' });
  await screenshot(page(), `axe-${name}-forced`);
  await page().emulateMedia({ forcedColors: 'none' });
}

test('a folder’s files, each named by what is seen of it', async () => {
  await button('Files in symbols').click();
  const files = page().getByRole('list', { name: 'Files in symbols' });
  await files.getByRole('listitem').nth(2).waitFor();
  await files.getByRole('listitem').nth(0).getByRole('button').first().click();
  await inAllLooks('files');
  await files.getByRole('button', { name: new RegExp(`symbols/${longName.replaceAll('.', '\\.')}.*Verified.*B`) }).waitFor({ timeout: 2_000 });
  await button('Files in symbols').click();
});

test('a moving upload’s details, and a paused one', async () => {
  await button('Details of going.apk').click();
  await row('going.apk').getByText('Parts', { exact: true }).waitFor();
  gates.open('UploadPart');
  await row('going.apk').getByText(/average/).waitFor();
  gates.close('UploadPart');
  await inAllLooks('moving');
  await button('Pause all').click();
  await button('Resume all').waitFor();
  await inAllLooks('paused');
  await button('Details of going.apk').click();
});

test('selected rows, an offer to undo and a problem', async () => {
  await row('symbols').focus();
  await page().keyboard.press('Space');
  await inAllLooks('selected');
  await page().keyboard.press('Delete');
  await button('Undo').waitFor();
  await request(page(), 'setPreferences', { languageChoice: 'en' });
  await rm(path.join(app.scratch, 'going.apk'));
  await row('going.apk').focus();
  await page().keyboard.press('Shift+F10');
  await page().getByRole('menuitem', { name: 'Show in folder' }).click();
  await page().getByRole('alert').waitFor();
  await inAllLooks('toasts');
  await button('Dismiss').first().click();
  await button('Undo').click();
  await row('symbols').waitFor();
});

test('the questions, the export menu and the drop overlay', async () => {
  await button('Cancel all').click();
  await page().getByRole('dialog').waitFor();
  await inAllLooks('question');
  await page().keyboard.press('Escape');
  await button('History').click();
  await button('Export').click();
  await page().getByRole('menu').waitFor();
  await inAllLooks('export');
  await page().keyboard.press('Escape');
  await page().keyboard.press('Escape');
  await dropFiles(page(), [await file('over.apk')], { letGo: false });
  await inAllLooks('overlay');
  await page().evaluate(() => { window.dispatchEvent(new DragEvent('dragleave')); });
});

test('the applications, and the question which one is meant', async () => {
  await request(page(), 'setDestination', { ...destination, service: 'car' });
  await page().getByRole('combobox', { name: 'Application ID' }).click();
  await page().keyboard.press('ArrowDown');
  await page().getByRole('option').first().waitFor();
  await inAllLooks('applications');
  await page().keyboard.press('Escape');
  await dropFiles(page(), [await file('which.zip')]);
  await page().getByRole('dialog').waitFor();
  await inAllLooks('which');
  await page().getByRole('dialog').getByRole('button').nth(-2).click();
  await page().getByRole('dialog').waitFor({ state: 'detached' });
});
