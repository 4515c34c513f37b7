import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventChannel, type UploadsDelta } from '../../preload/contract.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';
import { aDelta, anUpload, aSource } from '../unit/window-views.ts';

let app: TestApp;
const page = () => app.running.page;
const row = (id: string) => page().locator(`[data-source-id="${id}"]`);
const named = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);

beforeEach(async () => { app = await startApp(); });
afterEach(() => app.dispose());

/** What main would tell of uploads whose making takes long. */
async function tell(delta: UploadsDelta): Promise<void> {
  await evaluateInMain(app)(({ BrowserWindow }, [channel, payload]) => { BrowserWindow.getAllWindows()[0]!.webContents.send(channel, payload); }, [eventChannel('uploads'), JSON.stringify(delta)] as const);
}

/** Nothing has moved for some frames: rows are measured when they come into sight, and others then make room. */
async function settled(): Promise<void> {
  await page().evaluate(async () => {
    const grid = document.querySelector('[role=grid]')!;
    const now = () => `${grid.scrollTop} ${grid.scrollHeight} ${document.activeElement?.getBoundingClientRect().top}`;
    for (let [before, same] = [now(), 0]; same < 12; before = now()) {
      await new Promise(requestAnimationFrame);
      same = now() === before ? same + 1 : 0;
    }
  });
}

test('the row that End and Home lead to is in sight, however much taller the rows on the way are than they seemed', async () => {
  const [done, cancelled] = [named('done-', 300), named('cancelled-', 60)];
  const leftBehind = { code: 'store-access-denied', params: {} } as const;
  await tell(aDelta({
    sources: [...done, ...cancelled].map((id) => aSource(id)),
    uploads: [
      ...done.map((id) => anUpload(id, id, { phase: 'done', finishedAtMs: 5 })),
      ...cancelled.map((id) => anUpload(id, id, { phase: 'cancelled', finishedAtMs: 5, leftBehind })),
    ],
  }));
  await page().locator('[aria-rowindex="2"]').focus();
  for (const key of ['End', 'Home', 'End']) {
    await page().keyboard.press(key);
    await settled();
    expect(await page().evaluate(() => {
      const [focused, grid] = [document.activeElement!.closest('[role=row]')!, document.querySelector('[role=grid]')!];
      const [at, within] = [focused.getBoundingClientRect(), grid.getBoundingClientRect()];
      return { index: Number(focused.getAttribute('aria-rowindex')), inSight: at.top >= within.top - 1 && at.bottom <= within.bottom + 1 };
    }), key).toEqual({ index: key === 'Home' ? 2 : 362, inSight: true });
  }
});

test('what is in sight stays on the page while the window is made taller', async () => {
  const size = (height: number) => evaluateInMain(app)(({ BrowserWindow }, toHeight) => { BrowserWindow.getAllWindows()[0]!.setSize(960, toHeight); }, height);
  const done = named('done-', 300);
  await size(480);
  await tell(aDelta({ sources: done.map((id) => aSource(id)), uploads: done.map((id) => anUpload(id, id, { phase: 'done', finishedAtMs: 5 })) }));
  await row('done-0').waitFor();
  await page().getByRole('grid').evaluate((grid) => { grid.scrollTop = grid.scrollHeight; });
  await row('done-299').waitFor();
  await settled();
  const lost = await page().evaluateHandle(() => {
    const grid = document.querySelector('[role=grid]')!;
    const isInSight = (element: Element) => element.getBoundingClientRect().bottom > grid.getBoundingClientRect().top;
    const inSight = [...grid.querySelectorAll('[data-source-id]')].filter(isInSight).map((element) => element.getAttribute('data-source-id')!);
    const missed = new Set<string>();
    // Behind each frame: within one, the list is told of its new height after it was scrolled.
    const look = (): void => {
      for (const id of inSight) if (!grid.querySelector(`[data-source-id="${id}"]`)) missed.add(id);
      requestAnimationFrame(() => setTimeout(look));
    };
    look();
    return { inSight, missed };
  });
  await size(1000);
  await row('done-289').waitFor();
  await settled();
  const { inSight, missed } = await lost.evaluate((seen) => ({ inSight: seen.inSight.length, missed: [...seen.missed] }));
  expect(inSight).toBeGreaterThan(1);
  expect(missed).toEqual([]);
});

test('an unfolded list of files stays where it was scrolled to while rows come and go around it', async () => {
  const done = named('done-', 300);
  await tell(aDelta({
    sources: [...done.map((id, index) => aSource(id, { addedAtMs: index })), aSource('disc', { kind: 'folder', service: 'ms', addedAtMs: 150.5 })],
    uploads: [
      ...done.map((id) => anUpload(id, id, { phase: 'done', finishedAtMs: 5 })),
      ...named('file-', 400).map((id) => anUpload(id, 'disc', { service: 'ms', name: `${id}.pak`, phase: 'done', finishedAtMs: 5 })),
    ],
  }));
  const grid = page().getByRole('grid');
  const scroll = async (to: number) => {
    await grid.evaluate((list, top) => { list.scrollTop = top; }, to);
    await settled();
  };
  await page().locator('[aria-rowindex="2"]').waitFor();
  let at = 0;
  while (await row('disc').count() === 0 && at < 60_000) await scroll(at += 300);
  await row('disc').getByRole('button', { name: /^Files/ }).click();
  const files = row('disc').locator('.scroll');
  await files.evaluate((list) => { list.scrollTop = 5_000; });
  await settled();
  const shown = () => files.evaluate((list) => {
    const within = list.getBoundingClientRect();
    const inSight = [...list.querySelectorAll('li')].map((item) => item.getBoundingClientRect()).filter(({ top, bottom }) => bottom > within.top && top < within.bottom);
    return { scrolled: list.scrollTop, some: inSight.length > 2 };
  });
  expect(await shown()).toEqual({ scrolled: 5_000, some: true });
  for (const away of [-3_000, 3_000, 0]) await scroll(at + away);
  expect(await shown()).toEqual({ scrolled: 5_000, some: true });
});

test('who closes the menu of a row that has gone is not in the row that took over its elements', async () => {
  const ids = named('build-', 60);
  const totals = { ...aDelta().totals, unfinished: 50, fraction: 0.2 };
  await tell(aDelta({ totals, sources: ids.map((id) => aSource(id)), uploads: ids.map((id) => anUpload(id, id, { phase: 'uploading', fraction: 0.3 })) }));
  await page().getByRole('radio', { name: 'In progress' }).check({ force: true });
  await row('build-2').getByRole('button', { name: /^More/ }).focus();
  await page().keyboard.press('Enter');
  await page().getByRole('menu').first().waitFor();
  await tell(aDelta({ totals, uploads: [anUpload('build-2', 'build-2', { phase: 'done', fraction: 1, finishedAtMs: 9 })] }));
  await expect.poll(() => row('build-2').count()).toBe(0);
  await page().keyboard.press('Escape');
  const focused = () => page().evaluate(() => document.activeElement?.closest('[data-source-id]')?.getAttribute('data-source-id'));
  await expect.poll(focused).toBe('build-3');
});
