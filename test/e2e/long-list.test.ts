import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dropFiles, request } from '../setup/app-driver.ts';
import { watchUploads, type UploadWatch } from '../setup/upload-watch.ts';
import { startApp, type TestApp } from '../support/app.ts';

const count = 1_500;
let app: TestApp;
let watch: UploadWatch;

beforeAll(async () => {
  app = await startApp();
  const { page } = app.running;
  watch = await watchUploads(page);
  await request(page, 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
  await mkdir(app.scratch, { recursive: true });
  const files = Array.from({ length: count }, (_, index) => path.join(app.scratch, `build-${index}.txt`));
  for (const file of files) await writeFile(file, file);
  await watch.finished(() => dropFiles(page, files));
});

afterAll(() => app.dispose());

test('of a long list only the rows in sight exist, and each says its place in the whole', async () => {
  const { page } = app.running;
  const rows = page.getByRole('row');
  await rows.first().waitFor();
  expect(await rows.count()).toBeLessThan(60);
  // The heading is a row as well.
  expect(await rows.first().getAttribute('aria-rowindex')).toBe('1');
  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(count + 1));
  await page.mouse.move(400, 400);
  for (let scrolls = 0; scrolls < 400 && !(await rows.last().getAttribute('aria-rowindex') === String(count + 1)); scrolls++) {
    await page.mouse.wheel(0, 5_000);
  }
  expect(await rows.last().getAttribute('aria-rowindex')).toBe(String(count + 1));
  expect(await rows.count()).toBeLessThan(60);
});

test('what a person unfolded is still so when it comes back into sight, and the focus stays where it is', async () => {
  const { page } = app.running;
  await page.mouse.move(400, 400);
  await page.mouse.wheel(0, -1e7);
  const name = await page.locator('[aria-rowindex="2"]').getAttribute('aria-label') ?? '';
  const row = page.getByRole('row', { name, exact: true });
  await row.getByRole('button', { name: /^Details of/ }).click();
  await row.getByText('CRC64').waitFor();
  await page.mouse.wheel(0, 50_000);
  await expect.poll(() => page.locator('[aria-rowindex="4"]').count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.closest('[role=row]')?.getAttribute('aria-label'))).toBe(name);
  await page.mouse.wheel(0, -1e7);
  await row.getByText('CRC64').waitFor();
});

test('rows that come into sight take over the elements of those that went', async () => {
  const { page } = app.running;
  await page.evaluate(() => document.querySelectorAll('[data-source-id]').forEach((row) => row.setAttribute('data-was-there', row.getAttribute('aria-label') ?? '')));
  await page.mouse.wheel(0, 20_000);
  await expect.poll(async () => Number(await page.getByRole('row').last().getAttribute('aria-rowindex'))).toBeGreaterThan(100);
  const rows = await page.evaluate(() => [...document.querySelectorAll('[data-source-id]')].map((row) => ({
    name: row.getAttribute('aria-label'), before: row.getAttribute('data-was-there'), shown: row.querySelector('.name')?.textContent,
  })));
  expect(rows.filter(({ name, before }) => before !== null && before !== name).length).toBeGreaterThan(5);
  expect(rows.filter(({ before }) => before === null).length).toBeLessThan(3);
  expect(rows.filter(({ name, shown }) => name !== shown)).toEqual([]);
});
