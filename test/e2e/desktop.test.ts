import { execFile } from 'node:child_process';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads, type UploadWatch } from '../setup/upload-watch.ts';
import { answerQuitQuestion, clickTrayItem, evaluateInMain, notices, startApp, trayLabels, trayTooltip, type TestApp } from '../support/app.ts';

let app: TestApp;
let watch: UploadWatch;

beforeAll(async () => {
  app = await startApp();
  watch = await watchUploads(app.running.page);
  await mkdir(app.scratch, { recursive: true });
});

afterAll(() => app.dispose());

async function largeFile(name: string): Promise<string> {
  const full = path.join(app.scratch, name);
  const handle = await open(full, 'w');
  await handle.truncate(40e9);
  await handle.close();
  return full;
}

const windowVisible = (): Promise<boolean> => evaluateInMain(app)(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isVisible());
const closeWindow = (): Promise<void> => evaluateInMain(app)(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]!.close(); });

test('re-fetching credentials from the tray tells the new end', async () => {
  expect(await trayLabels(app)).toEqual(expect.arrayContaining(['Open COS Ferry', 'Re-fetch credentials', 'Quit COS Ferry']));
  await clickTrayItem(app, 'refetch-credentials');
  await expect.poll(async () => (await notices(app)).map(({ title }) => title)).toContain('Credentials fetched');
  const { credential } = (await request(app.running.page, 'getState')).app;
  expect(credential).toMatchObject({ kind: 'ready', credential: { bucket: 'car-sandbox-1250000000', scope: { kind: 'key' } } });
});

test('re-fetching that fails tells why', async () => {
  const { page } = app.running;
  await request(page, 'setDestination', { service: 'car', applicationId: 'app-unknown', cosRegion: '', durationSeconds: null });
  await clickTrayItem(app, 'refetch-credentials');
  await expect.poll(async () => (await notices(app)).at(-1)?.title).toBe('Credentials could not be fetched');
  expect((await notices(app)).at(-1)!.body).toMatch(/app-unknown/);
  await page.getByRole('group', { name: 'Temporary credential' }).getByText(/app-unknown/).first().waitFor();
  await screenshot(page, 'credential-failed');
  await request(page, 'setDestination', { service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null });
});

test('a second start hands its files to the first and ends', async () => {
  const file = path.join(app.scratch, 'opened with.zip');
  await writeFile(file, 'zip');
  const { spawnfile, env } = await evaluateInMain(app)(() => ({ spawnfile: process.execPath, env: { ...process.env } as Record<string, string> }));
  const [upload] = await watch.finished(() => new Promise<void>((resolve, reject) => {
    const root = path.resolve(import.meta.dirname, '../..');
    const args = [root, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), file];
    execFile(spawnfile, args, { env, timeout: 60_000 }, (error) => { if (error) reject(error); else resolve(); });
  }));
  expect(upload).toMatchObject({ name: 'opened with.zip', phase: 'done' });
});

test('both languages and both themes, switched at once', async () => {
  const { page } = app.running;
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  await page.getByRole('radio', { name: '简体中文' }).check({ force: true });
  await page.getByRole('dialog', { name: '设置' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('radio', { name: '应用云渲染' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  await expect.poll(() => trayLabels(app)).toEqual(expect.arrayContaining([expect.stringMatching(/[\u4e00-\u9fff]/)]));
  await request(page, 'setPreferences', { themeChoice: 'dark' });
  await expect.poll(() => page.evaluate(() => getComputedStyle(document.body).colorScheme)).toContain('dark');
  await screenshot(page, 'chinese-dark');
  await request(page, 'setPreferences', { languageChoice: 'en', themeChoice: 'light' });
  await page.getByRole('button', { name: 'Settings', exact: true }).waitFor();
  await screenshot(page, 'english-light');
});

test('closing the window leaves uploads running in the tray, and says so the first time', async () => {
  const { page } = app.running;
  await dropFiles(page, [await largeFile('endless.zip')]);
  await watch.until(() => [...watch.uploads.values()].some((upload) => upload.name === 'endless.zip' && upload.bytesSent > 0));
  await closeWindow();
  await expect.poll(windowVisible).toBe(false);
  await expect.poll(async () => (await notices(app)).map(({ title }) => title)).toContain('Your uploads continue');
  await expect.poll(() => trayLabels(app)).toEqual(expect.arrayContaining([expect.stringMatching(/^endless\.zip – \d+\s?%$/)]));
  expect(await trayTooltip(app)).toMatch(/1 uploading/);
  await clickTrayItem(app, 'open');
  await expect.poll(windowVisible).toBe(true);
  const told = (await notices(app)).length;
  await closeWindow();
  await expect.poll(windowVisible).toBe(false);
  expect((await notices(app)).length).toBe(told);
  await clickTrayItem(app, 'open');
});

test('quitting with uploads running asks, and keeping on keeps on', async () => {
  await answerQuitQuestion(app, 'keep');
  await clickTrayItem(app, 'quit');
  const questions = () => evaluateInMain(app)(() => (globalThis as unknown as { quitQuestions: string[] }).quitQuestions);
  await expect.poll(questions).toEqual([expect.stringMatching(/not finished/)]);
  const { uploads } = (await request(app.running.page, 'getState')).uploads;
  expect(uploads.find(({ name }) => name === 'endless.zip')?.phase).toBe('uploading');
});

test('quitting all the same ends the app and keeps the upload for the next start', async () => {
  await answerQuitQuestion(app, 'quit');
  const ended = new Promise<void>((resolve) => { app.running.electron.once('close', () => { resolve(); }); });
  await clickTrayItem(app, 'quit').catch(() => undefined);
  await ended;
  const parts = await readdir(path.join(app.userDataDirectory, 'sandbox/multipart'), { recursive: true, withFileTypes: true });
  // Nothing is given up: the parts stay, and the journal knows of them.
  expect(parts.filter((entry) => entry.isFile()).length).toBeGreaterThan(0);
  const entries = (await readdir(path.join(app.userDataDirectory, 'journal'))).filter((name) => name.endsWith('.json') && !name.endsWith('.drop.json'));
  expect(entries).toHaveLength(1);
});
