import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import type { UploadPhase } from '../../preload/contract.ts';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads, type UploadWatch } from '../setup/upload-watch.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';
import { Gates } from '../support/slow-sandbox.ts';

let app: TestApp;
let watch: UploadWatch;
let cloud: Sandbox;
let cloudDirectory: string;
const gates = new Gates();

beforeAll(async () => {
  cloudDirectory = await mkdtemp(path.join(tmpdir(), 'ferry-cloud-'));
  cloud = await startSandbox({ directory: cloudDirectory, faults: gates.faults });
  app = await startApp();
  const { page } = app.running;
  const { secretId, secretKey } = cloud.accounts[0]!;
  await request(page, 'addAccount', { label: 'Studio', site: 'china', secretId, secretKey, apiEndpoint: cloud.url, cosDomain: cloud.url, sessionOnly: true });
  await request(page, 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
  await request(page, 'setLimits', { parallelUploads: 1, partsInFlight: 4, bytesPerSecond: null, timetable: [], resumesAtStart: true });
  // High enough for every row to be there.
  await evaluateInMain(app)(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]!.setContentSize(1000, 960); });
  watch = await watchUploads(page);
  await mkdir(app.scratch, { recursive: true });
});

afterAll(async () => {
  gates.open('UploadPart');
  gates.open('PutObject');
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

const page = () => app.running.page;
const row = (name: string) => page().getByRole('row', { name, exact: true });
const phaseOf = (name: string): UploadPhase | undefined => [...watch.uploads.values()].find((upload) => upload.name === name)?.phase;
const clipboard = (): Promise<string> => evaluateInMain(app)(({ clipboard: board }) => board.readText());
/** The rows in sight, headings too, from top to bottom. */
const shown = async (): Promise<readonly string[]> => {
  const rows = await page().getByRole('row').evaluateAll((all) => all.map((each) => ({
    index: Number(each.getAttribute('aria-rowindex')), text: each.getAttribute('aria-label') ?? each.textContent!.trim().replace(/\s+/g, ' '),
  })));
  return rows.sort((a, b) => a.index - b.index).map(({ text }) => text);
};
const selected = (): Promise<readonly string[]> => page().locator('[role=row][aria-selected=true]').evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')!));
const focused = (): Promise<string | null> => page().evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);

test('rows stand under the heading of their state', async () => {
  await watch.finished(async () => dropFiles(page(), [await file('arrived.apk'), path.join(app.scratch, 'gone.apk')]));
  gates.close('UploadPart');
  await dropFiles(page(), [await file('going.apk', randomBytes(21_000_000)), await file('second.apk'), await file('third.apk'), await file('fourth.apk')]);
  await gates.reached('UploadPart', 4);
  await expect.poll(shown).toEqual(['Failed 1', 'gone.apk', 'In progress 1', 'going.apk', 'In the queue 3', 'second.apk', 'third.apk', 'fourth.apk', 'Verified 1', 'arrived.apk']);
  await screenshot(page(), 'queue');
});

test('the filter and the search show a part of the list, and what shows nothing says so', async () => {
  await page().getByRole('radio', { name: 'Failed' }).check({ force: true });
  await expect.poll(shown).toEqual(['Failed 1', 'gone.apk']);
  await page().getByRole('radio', { name: 'In progress' }).check({ force: true });
  await expect.poll(shown).toEqual(['In progress 1', 'going.apk', 'In the queue 3', 'second.apk', 'third.apk', 'fourth.apk']);
  await page().keyboard.press('Control+f');
  await page().keyboard.type('THIRD');
  await expect.poll(shown).toEqual(['In the queue 1', 'third.apk']);
  await page().keyboard.type(' or nothing');
  await page().getByText('No uploads to show here').waitFor();
  await screenshot(page(), 'queue-nothing');
  await page().getByRole('button', { name: 'Show all uploads' }).click();
  await expect.poll(async () => (await shown()).length).toBe(10);
  await page().keyboard.press('Control+f');
  await page().keyboard.type('arrived');
  await expect.poll(shown).toEqual(['Verified 1', 'arrived.apk']);
  await page().keyboard.press('Escape');
  await expect.poll(async () => (await shown()).length).toBe(10);
});

test('the keyboard leads from row to row, selects and gives up the selection', async () => {
  await row('second.apk').click({ position: { x: 200, y: 12 } });
  expect(await selected()).toEqual(['second.apk']);
  await page().keyboard.press('Shift+ArrowDown');
  expect([await selected(), await focused()]).toEqual([['second.apk', 'third.apk'], 'third.apk']);
  // Over the heading.
  await page().keyboard.press('ArrowDown');
  await page().keyboard.press('ArrowDown');
  expect(await focused()).toBe('arrived.apk');
  await page().keyboard.press('Space');
  expect(await selected()).toEqual(['second.apk', 'third.apk', 'arrived.apk']);
  await page().keyboard.press('Home');
  expect(await focused()).toBe('gone.apk');
  await page().keyboard.press('Control+a');
  expect((await selected()).length).toBe(6);
  await page().getByRole('toolbar', { name: 'Selection' }).getByText('6 selected').waitFor();
  await screenshot(page(), 'queue-selected');
  await page().keyboard.press('Escape');
  expect(await selected()).toEqual([]);
});

test('Tab leads through the controls of one row only', async () => {
  await row('third.apk').focus();
  await page().keyboard.press('Tab');
  expect(await focused()).toBe('Pause third.apk');
  const stops = await page().locator('[role=row]:not([aria-label="third.apk"]) button').evaluateAll((buttons) => buttons.map((button) => (button as HTMLButtonElement).tabIndex));
  expect(new Set(stops)).toEqual(new Set([-1]));
});

test('what is selected moves together in the queue, by keys and by dragging', async () => {
  await row('third.apk').click({ position: { x: 200, y: 12 } });
  await row('fourth.apk').click({ position: { x: 200, y: 12 }, modifiers: ['Control'] });
  await page().keyboard.press('Alt+ArrowUp');
  await expect.poll(async () => (await shown()).slice(4, 8)).toEqual(['In the queue 3', 'third.apk', 'fourth.apk', 'second.apk']);
  expect(await focused()).toBe('fourth.apk');
  await row('third.apk').dragTo(row('second.apk'), { sourcePosition: { x: 200, y: 12 }, targetPosition: { x: 200, y: 55 } });
  await expect.poll(async () => (await shown()).slice(4, 8)).toEqual(['In the queue 3', 'second.apk', 'third.apk', 'fourth.apk']);
});

test('the bar pauses and resumes what is selected', async () => {
  const bar = page().getByRole('toolbar', { name: 'Selection' });
  await bar.getByRole('button', { name: 'Pause' }).click();
  await watch.until(() => phaseOf('third.apk') === 'paused' && phaseOf('fourth.apk') === 'paused');
  expect(phaseOf('second.apk')).toBe('waiting');
  await bar.getByRole('button', { name: 'Resume' }).click();
  await watch.until(() => phaseOf('third.apk') === 'waiting' && phaseOf('fourth.apk') === 'waiting');
  await page().keyboard.press('Escape');
});

test('the details of what goes on unfold by keyboard, with parts, speed and phases', async () => {
  await row('going.apk').focus();
  await page().keyboard.press('Enter');
  await row('going.apk').getByText('4 on their way').waitFor();
  await row('going.apk').getByRole('list', { name: 'Phases' }).getByText('Uploading').waitFor();
  await row('going.apk').getByRole('button', { name: 'Copy Key' }).click();
  expect(await clipboard()).toMatch(/^pctool\/.*\/going\.apk$/);
  await page().getByText('Copied', { exact: true }).waitFor();
  await screenshot(page(), 'queue-details');
  await row('going.apk').focus();
  await page().keyboard.press('Enter');
});

test('the menu of a row opens by mouse and by keyboard, and gives the focus back', async () => {
  await row('arrived.apk').click({ button: 'right', position: { x: 200, y: 12 } });
  const menu = page().getByRole('menu', { name: 'Actions for arrived.apk' });
  await menu.waitFor();
  await screenshot(page(), 'queue-menu');
  await page().keyboard.press('Escape');
  await menu.waitFor({ state: 'hidden' });
  await row('arrived.apk').focus();
  await page().keyboard.press('Shift+F10');
  await menu.getByRole('menuitem', { name: 'Copy URL' }).click();
  await expect.poll(clipboard).toMatch(new RegExp(`^${cloud.url}/pctool/.*/arrived\\.apk$`));
  expect(await focused()).toBe('arrived.apk');
});

test('what was dropped is shown in its folder', async () => {
  await evaluateInMain(app)(({ shell }) => {
    shell.showItemInFolder = (full) => { (globalThis as unknown as { shownInFolder: string }).shownInFolder = full; };
  });
  await row('arrived.apk').getByRole('button', { name: 'More actions for arrived.apk' }).click();
  await page().getByRole('menuitem', { name: 'Show in folder' }).click();
  await expect.poll(() => evaluateInMain(app)(() => (globalThis as unknown as { shownInFolder?: string }).shownInFolder)).toBe(path.join(app.scratch, 'arrived.apk'));
});

test('a row that was removed comes back by Undo, and by its key', async () => {
  await row('gone.apk').focus();
  await page().keyboard.press('Delete');
  await row('gone.apk').waitFor({ state: 'detached' });
  // The keyboard stays in the list.
  await expect.poll(focused).toBe('going.apk');
  await page().getByText('1 upload removed from the list').waitFor();
  await screenshot(page(), 'queue-undo');
  await page().getByRole('button', { name: 'Undo' }).click();
  await row('gone.apk').waitFor();
  await page().getByRole('button', { name: 'Clear finished' }).click();
  await page().getByText('2 uploads removed from the list').waitFor();
  await row('arrived.apk').waitFor({ state: 'detached' });
  await page().keyboard.press('Control+z');
  await row('arrived.apk').waitFor();
  await row('gone.apk').waitFor();
});

test('what is done can be uploaded again', async () => {
  gates.open('UploadPart');
  await watch.until(() => ['going.apk', 'second.apk', 'third.apk', 'fourth.apk'].every((name) => phaseOf(name) === 'done'));
  const [again] = await watch.finished(async () => {
    await row('arrived.apk').getByRole('button', { name: 'More actions for arrived.apk' }).click();
    await page().getByRole('menuitem', { name: 'Upload again' }).click();
  });
  expect(again).toMatchObject({ name: 'arrived.apk', phase: 'done' });
});

test('a folder unfolds its files, and each of them its details', async () => {
  for (let index = 0; index < 40; index++) await file(`symbols/lib-${index}.so`, randomBytes(20_000));
  await watch.finished(() => dropFiles(page(), [path.join(app.scratch, 'symbols')]));
  await row('symbols').getByRole('button', { name: 'Files in symbols' }).click();
  await page().keyboard.press('Control+f');
  await page().keyboard.type('lib-31');
  const files = row('symbols').getByRole('list', { name: 'Files in symbols' }).getByRole('listitem');
  await expect.poll(() => files.count()).toBe(1);
  await files.getByRole('button', { name: /^symbols\/lib-31\.so / }).click();
  await row('symbols').getByText('CRC64').waitFor();
  await screenshot(page(), 'queue-folder');
  await page().keyboard.press('Escape');
});
