import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Destination } from '../../preload/contract.ts';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads } from '../setup/upload-watch.ts';
import { axeFindings } from '../support/axe.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';

const car: Destination = { service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null };
const ms: Destination = { ...car, service: 'ms', applicationId: '' };
const chosen = { car, ms: { ...ms, cosRegion: 'ap-singapore', durationSeconds: 7200 } };
let app: TestApp;

async function makeFile(name: string): Promise<string> {
  const file = path.join(app.scratch, name);
  await mkdir(app.scratch, { recursive: true });
  await writeFile(file, 'x');
  return file;
}

beforeAll(async () => {
  app = await startApp();
  const { page } = app.running;
  const watch = await watchUploads(page);
  for (const [name, destination] of [['build.zip', car], ['default.apk', ms], ['far.apk', chosen.ms]] as const) {
    await request(page, 'setDestination', destination);
    const file = await makeFile(name);
    await watch.finished(() => dropFiles(page, [file]));
  }
  await mkdir(path.join(app.scratch, 'empty'));
  await watch.finished(() => dropFiles(page, [path.join(app.scratch, 'empty')]));
});

afterAll(() => app.dispose());

const region = () => app.running.page.getByRole('region', { name: 'Destination' });
const row = (name: string) => app.running.page.getByRole('row', { name });

/** Below 640 × 480 is where View → Zoom In leads: there are as many CSS pixels as in a window of that size. */
async function look(width: number, height: number): Promise<void> {
  await evaluateInMain(app)(({ BrowserWindow }, size) => {
    const window = BrowserWindow.getAllWindows()[0]!;
    window.setMinimumSize(1, 1);
    window.setContentSize(size.width, size.height);
  }, { width, height });
  await app.running.page.waitForFunction((size) => innerWidth === size.width && innerHeight === size.height, { width, height });
}

/** The pairs of controls of the destination that lie on each other, and those that are cut off at a side. */
const collisions = (): Promise<readonly string[]> => region().evaluate((element) => {
  const parts = [...element.querySelectorAll<HTMLElement>('legend ~ *, input[role=combobox], [role=timer], dt, dd, button')]
    .filter((part) => part.checkVisibility({ visibilityProperty: true }) && !part.closest('[popover]') && part.getBoundingClientRect().height > 2);
  const nameOf = (part: HTMLElement) => part.getAttribute('aria-label') ?? part.textContent.trim();
  const found: string[] = [];
  for (const [index, part] of parts.entries()) {
    const a = part.getBoundingClientRect();
    if (a.left < 0 || a.right > innerWidth) found.push(`${nameOf(part)} is cut off`);
    for (const other of parts.slice(index + 1)) {
      const b = other.getBoundingClientRect();
      const inside = part.contains(other) || other.contains(part) || (part.matches('input') && part.parentElement?.contains(other));
      if (!inside && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1) found.push(`${nameOf(part)} × ${nameOf(other)}`);
    }
  }
  return found;
});

/** How much of the list's rows is in sight as it is, in pixels. */
const rowsInSight = (): Promise<number> => app.running.page.getByRole('grid').evaluate((grid) => {
  const { top, bottom } = grid.getBoundingClientRect();
  return Math.min(bottom, document.querySelector('main')!.getBoundingClientRect().bottom) - top;
});

async function expectReachable(name: string): Promise<void> {
  const line = row(name).locator('.name');
  await line.scrollIntoViewIfNeeded();
  expect(await line.evaluate((element) => {
    const { left, top, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(left + 4, top + height / 2));
  })).toBe(true);
  await app.running.page.getByRole('main').evaluate((main) => { main.scrollTop = 0; });
}

describe.each([[960, 680], [640, 480], [480, 340], [427, 302]])('at %i × %i', (width, height) => {
  test.each(['car', 'ms'] as const)('a destination of %s is in sight with nothing on anything else, and the list is reached', async (service) => {
    const { page } = app.running;
    await request(page, 'setDestination', chosen[service]);
    await look(width, height);
    await page.getByRole('combobox', { name: service === 'car' ? 'Application ID' : 'Region' }).waitFor();
    await screenshot(page, `low-${service}-${width}`);
    expect(await collisions()).toEqual([]);
    expect(await page.evaluate(() => document.querySelector('main')!.scrollWidth <= innerWidth)).toBe(true);
    expect(await axeFindings(page)).toEqual([]);
    const lock = (await page.getByRole('button', { name: 'Lock this destination' }).boundingBox())!;
    const field = (await page.getByRole('combobox').last().boundingBox())!;
    expect(Math.abs(lock.y + lock.height / 2 - field.y - field.height / 2)).toBeLessThan(3);
    if (width >= 640) expect(await rowsInSight()).toBeGreaterThan(200);
    await expectReachable('empty');
  });

  test('nor does a credential that could not be had leave the list out of reach', async () => {
    const { page } = app.running;
    await request(page, 'setDestination', { ...car, applicationId: 'app-unknown' });
    await page.getByRole('button', { name: 'Refresh credential' }).click();
    await region().getByRole('alert').waitFor();
    await look(width, height);
    await screenshot(page, `low-failed-${width}`);
    expect(await collisions()).toEqual([]);
    if (width >= 640) expect(await rowsInSight()).toBeGreaterThan(60);
    await expectReachable('empty');
  });
});

test.each([[640, 480], [582, 436], [427, 302]])('all that the history can do is in sight at %i × %i', async (width, height) => {
  const { page } = app.running;
  await look(width, height);
  await page.getByRole('button', { name: 'History' }).click();
  const history = page.getByRole('region', { name: 'History' });
  await history.getByText('far.apk').waitFor();
  for (const name of ['Back to the uploads', 'Export', 'Clear history']) {
    const { x, width: wide } = (await history.getByRole('button', { name }).boundingBox())!;
    expect([name, x >= 0 && x + wide <= width]).toEqual([name, true]);
  }
  await screenshot(page, `low-history-${width}`);
  await history.getByRole('button', { name: 'Back to the uploads' }).click();
});

test('several cards that wait paint nothing over the bar at the bottom', async () => {
  const { page } = app.running;
  await request(page, 'setDestination', car);
  await request(page, 'setPreferences', { startsAtOnce: false });
  for (const name of ['one.zip', 'two.zip', 'three.zip', 'four.zip']) await dropFiles(page, [await makeFile(name)]);
  await page.getByRole('group', { name: 'four.zip, ready to start' }).waitFor();
  for (const [width, height] of [[960, 480], [640, 480], [427, 302]] as const) {
    await look(width, height);
    await screenshot(page, `low-cards-${width}`);
    expect(await page.evaluate(() => {
      const { top, bottom } = document.querySelector('footer')!.getBoundingClientRect();
      return [20, innerWidth / 2, innerWidth - 20].every((x) => document.elementFromPoint(x, (top + bottom) / 2)?.closest('footer'));
    })).toBe(true);
    await expectReachable('empty');
  }
});

test('the offer to undo lies on no row and none of the bar\'s buttons, and can be dismissed', async () => {
  const { page } = app.running;
  await look(640, 480);
  for (const { id } of (await request(page, 'getState')).app.waitingDrops) await request(page, 'discardDrop', id);
  await row('empty').focus();
  await page.keyboard.press('Delete');
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.waitFor();
  await screenshot(page, 'low-undo');
  const offer = (await undo.locator('..').boundingBox())!;
  const list = (await page.getByRole('grid').boundingBox())!;
  const clear = (await page.getByRole('button', { name: 'Clear finished' }).boundingBox())!;
  expect(offer.y).toBeGreaterThanOrEqual(list.y + list.height);
  expect(offer.x + offer.width).toBeLessThan(clear.x);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await undo.waitFor({ state: 'detached' });
});

test('the settings are a box of one size, in which the page alone scrolls', async () => {
  const { page } = app.running;
  for (const [width, height] of [[960, 680], [640, 480]] as const) {
    await look(width, height);
    await page.getByRole('button', { name: 'Settings' }).click();
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    const boxes: unknown[] = [];
    for (const tab of ['General', 'Transfers', 'Network', 'Advanced']) {
      await dialog.getByRole('tab', { name: tab }).click();
      await screenshot(page, `settings-${tab}-${width}`);
      boxes.push(await dialog.boundingBox());
      expect(await dialog.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
    }
    expect(new Set(boxes.map((box) => JSON.stringify(box))).size).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await page.keyboard.press('Escape');
  }
});
