import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Destination, LanguageChoice } from '../../preload/contract.ts';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { axeFindings } from '../support/axe.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';

const car: Destination = { service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null };
const ms: Destination = { ...car, service: 'ms' };
let app: TestApp;

beforeAll(async () => { app = await startApp({ asAtFirst: true }); });
afterAll(() => app.dispose());

async function file(name: string, content = 'x'): Promise<string> {
  const full = path.join(app.scratch, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

const card = (name: string) => app.running.page.getByRole('group', { name: `${name}, ready to start` });
const hasFocus = (name: string): Promise<boolean> => card(name).evaluate((element) => element === document.activeElement);
const row = (name: string) => app.running.page.getByRole('row', { name });
const state = async () => (await request(app.running.page, 'getState')).app;
const uploads = async () => (await request(app.running.page, 'getState')).uploads.uploads.map(({ name, service, phase }) => `${service} ${name} ${phase}`);
const resize = (width: number, height: number): Promise<void> => evaluateInMain(app)(({ BrowserWindow }, size) => { BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height); }, { width, height });

/** The screen as it is now in both languages, both themes and both sizes: axe finds nothing in any. */
async function inAllLooks(name: string): Promise<void> {
  const { page } = app.running;
  const looks: readonly [LanguageChoice, 'light' | 'dark', number, number][] = [['en', 'light', 960, 680], ['zh-CN', 'light', 640, 480], ['zh-CN', 'dark', 960, 680], ['en', 'dark', 640, 480]];
  for (const [languageChoice, themeChoice, width, height] of looks) {
    await request(page, 'setPreferences', { languageChoice, themeChoice });
    await resize(width, height);
    await page.waitForFunction(([language, theme, wide]) => document.documentElement.lang === language && document.documentElement.dataset.theme === theme && innerWidth === wide, [languageChoice, themeChoice, width]);
    await screenshot(page, `${name}-${languageChoice}-${themeChoice}-${width}`);
    expect(await axeFindings(page)).toEqual([]);
  }
  await request(page, 'setPreferences', { languageChoice: 'en', themeChoice: 'light' });
  await resize(960, 680);
}

describe('the first run', () => {
  test('says where the key is kept and where what is dropped goes, and opens the console where keys are made', async () => {
    const { page } = app.running;
    await page.getByRole('heading', { name: 'Welcome to COS Ferry' }).waitFor();
    await page.getByText(/stays in this computer’s keychain/).waitFor();
    await page.getByText(/goes straight from here/).waitFor();
    await inAllLooks('welcome');
    await evaluateInMain(app)(({ shell }) => {
      const opened = globalThis as unknown as { opened: string[] };
      opened.opened = [];
      shell.openExternal = (url: string) => { opened.opened.push(url); return Promise.resolve(); };
    });
    await page.getByRole('button', { name: /^China site/ }).click();
    await page.getByRole('button', { name: /^International site/ }).click();
    await expect.poll(() => evaluateInMain(app)(() => (globalThis as unknown as { opened: string[] }).opened))
      .toEqual(['https://console.cloud.tencent.com/cam/capi', 'https://console.tencentcloud.com/cam/capi']);
  });

  test('fits into the smallest window, in a longer language too', async () => {
    const longer = await startApp({ asAtFirst: true, env: { COS_FERRY_LANGUAGE: 'pseudo', LC_ALL: 'C.UTF-8' } });
    try {
      await evaluateInMain(longer)(({ BrowserWindow }) => { BrowserWindow.getAllWindows()[0]!.setContentSize(640, 480); });
      await longer.running.page.waitForFunction(() => innerHeight === 480 && document.documentElement.lang === 'en-XA');
      await screenshot(longer.running.page, 'welcome-longer');
      const overflow = await longer.running.page.getByRole('main').locator('section').evaluate(({ scrollHeight, clientHeight, scrollWidth, clientWidth }) => [scrollHeight - clientHeight, scrollWidth - clientWidth]);
      expect(overflow).toEqual([0, 0]);
    } finally {
      await longer.dispose();
    }
  });

  test('a key can be added right there', async () => {
    const { page } = app.running;
    await page.getByRole('button', { name: 'Add my key' }).click();
    await page.getByRole('dialog', { name: 'Add account' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Welcome to COS Ferry' }).waitFor();
  });

  test('the sandbox is chosen once, and never asked about again', async () => {
    await app.running.page.getByRole('button', { name: 'Try it in the sandbox' }).click();
    await app.running.page.getByText('Drop a build anywhere on this window').waitFor();
    await app.restart();
    await app.running.page.getByText('Drop a build anywhere on this window').waitFor();
  });
});

describe('a drop', () => {
  test('says what will be sent and where, takes the focus, and starts with Enter', async () => {
    const { page } = app.running;
    await file('Game/game.exe', 'exe');
    await file('Game/Data.txt');
    await file('Game/data.TXT');
    await file('Game/con.txt');
    await symlink('/etc/hostname', path.join(app.scratch, 'Game/outside')).catch(() => undefined);
    await dropFiles(page, [path.join(app.scratch, 'Game')]);
    const game = card('Game');
    await game.getByText('4 files').waitFor();
    await game.getByText('packed as Game.zip, 4 entries').waitFor();
    await game.getByText('To Cloud Application Rendering · app-sandbox · Sandbox (this computer)').waitFor();
    await game.getByText('1 item is left out').waitFor();
    await game.getByText(/differ only in case/).waitFor();
    await game.getByText(/Windows cannot unpack “con.txt”/).waitFor();
    expect(await uploads()).toEqual([]);
    expect(await hasFocus('Game')).toBe(true);
    await inAllLooks('preflight');
    await page.keyboard.press('Enter');
    await expect.poll(uploads).toEqual(['car Game.zip done']);
    await game.waitFor({ state: 'detached' });
    await row('Game.zip').getByText('Verified').waitFor();
  });

  test('Escape leaves it', async () => {
    const { page } = app.running;
    await dropFiles(page, [await file('mistake.zip')]);
    await card('mistake.zip').getByText('sent as it is').waitFor();
    await page.keyboard.press('Escape');
    await card('mistake.zip').waitFor({ state: 'detached' });
    expect(await uploads()).toEqual(['car Game.zip done']);
  });

  test('several wait on their own, the next one has the focus when one is started, and all come back after a restart', async () => {
    const { page } = app.running;
    await dropFiles(page, [await file('one.zip')]);
    await card('one.zip').getByText('sent as it is').waitFor();
    await dropFiles(page, [await file('two.tar.gz')]);
    await card('two.tar.gz').getByText(/will not unpack it there/).waitFor();
    expect(await hasFocus('two.tar.gz')).toBe(true);
    await app.restart();
    await card('one.zip').getByText('sent as it is').waitFor();
    await expect.poll(() => hasFocus('one.zip')).toBe(true);
    await inAllLooks('preflight-two');
    await app.running.page.keyboard.press('Enter');
    await expect.poll(() => hasFocus('two.tar.gz')).toBe(true);
    await expect.poll(uploads).toContain('car one.zip done');
    expect(await uploads()).toHaveLength(1);
    await card('two.tar.gz').getByRole('button', { name: 'Don’t upload two.tar.gz' }).click();
  });

  test('several are started together', async () => {
    const { page } = app.running;
    for (const name of ['three.zip', 'four.zip']) await dropFiles(page, [await file(name)]);
    await card('four.zip').getByText('sent as it is').waitFor();
    await screenshot(page, 'preflight-start-all');
    await page.getByRole('button', { name: 'Start all (2)' }).click();
    await expect.poll(uploads).toEqual(expect.arrayContaining(['car three.zip done', 'car four.zip done']));
    expect((await state()).waitingDrops).toEqual([]);
  });

  test('in the smallest window its buttons stay in sight, whatever it warns of, and so do a row of the list and the bar', async () => {
    const { page } = app.running;
    for (const name of ['a.txt', 'A.txt', 'con.txt', 'nul.txt', `${'long/'.repeat(60)}name.txt`]) await file(`Nightly/${name}`);
    await dropFiles(page, [path.join(app.scratch, 'Nightly')]);
    await card('Nightly').getByText(/longer than the 260 characters/).waitFor();
    await resize(640, 480);
    const discard = card('Nightly').getByRole('button', { name: 'Don’t upload Nightly' });
    const parts = [card('Nightly').getByText('5 files'), card('Nightly').getByRole('button', { name: 'Start Nightly' }), discard, page.getByRole('row', { name: /\.zip/ }).first().getByText('Verified'), page.getByText('3 verified')];
    for (const part of parts) {
      await expect.poll(() => part.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const there = document.elementFromPoint(left + width / 2, top + height / 2);
        return element.contains(there) ? 'in sight' : `${element.textContent} is behind ${there?.outerHTML.slice(0, 300)}`;
      })).toBe('in sight');
    }
    await inAllLooks('preflight-low');
    await discard.click();
  });

  test('what has no place on this computer is named, and the rest goes on', async () => {
    const { page } = app.running;
    const real = await file('beside.zip');
    await page.evaluate(() => { document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'given' })); });
    await page.locator('#given').setInputFiles(real);
    const drop = (made: readonly string[], isBeside: boolean) => page.evaluate(([names, beside]) => {
      const dataTransfer = new DataTransfer();
      for (const name of names) dataTransfer.items.add(new File(['x'], name));
      const given = document.querySelector<HTMLInputElement>('#given')?.files?.[0];
      if (beside && given) dataTransfer.items.add(given);
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, [made, isBeside] as const);
    const told = page.getByRole('alert');
    await drop(['picture.png'], true);
    await told.getByText('“picture.png” was not uploaded: the system did not say where it is.').waitFor();
    await card('beside.zip').getByText('sent as it is').waitFor();
    await screenshot(page, 'dropped-no-file');
    await card('beside.zip').getByRole('button', { name: 'Don’t upload beside.zip' }).click();
    await drop(['a.eml', 'b.eml'], false);
    await told.getByText(/^2 of the dropped items were not uploaded, such as “a.eml”/).waitFor();
    await told.getByText('Details', { exact: true }).last().click();
    await told.getByText('a.eml b.eml').waitFor();
    for (let left = await told.count(); left > 0; left--) await told.getByRole('button', { name: 'Dismiss' }).last().click();
    await page.evaluate(() => document.querySelector('#given')?.remove());
  });

  test('what cannot be sent says why, and is looked at again', async () => {
    const { page } = app.running;
    await mkdir(path.join(app.scratch, 'Empty'), { recursive: true });
    await dropFiles(page, [path.join(app.scratch, 'Empty')]);
    const empty = card('Empty');
    await empty.getByRole('button', { name: 'Check again: Empty' }).waitFor();
    await inAllLooks('preflight-failed');
    await file('Empty/game.exe');
    await empty.getByRole('button', { name: 'Check again: Empty' }).click();
    await empty.getByText('1 file', { exact: true }).waitFor();
    await empty.getByRole('button', { name: 'Don’t upload Empty' }).click();
  });
});

describe('destinations', () => {
  test('a file dropped onto a recent destination goes there, and the chosen one stays', async () => {
    const { page } = app.running;
    await request(page, 'setDestination', ms);
    await dropFiles(page, [await file('app.apk')]);
    await card('app.apk').getByText('1 file', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(uploads).toContain('ms app.apk done');
    const target = page.locator('[data-drop-target]');
    await dropFiles(page, [await file('late.zip')], { onto: target, letGo: false });
    await expect.poll(() => target.getAttribute('aria-current')).toBe('true');
    await target.getByText('Cloud Application Rendering').waitFor();
    await screenshot(page, 'drop-targets');
    await dropFiles(page, [path.join(app.scratch, 'late.zip')], { onto: target });
    await card('late.zip').getByText('To Cloud Application Rendering · app-sandbox · Sandbox (this computer)').waitFor();
    expect((await state()).destination.service).toBe('ms');
    await page.keyboard.press('Escape');
  });

  test('a recent destination is chosen with one click', async () => {
    const { page } = app.running;
    await page.getByRole('list', { name: 'Recent destinations' }).getByRole('button', { name: /app-sandbox/ }).click();
    await expect.poll(async () => (await state()).destination).toEqual(car);
  });

  test('the account\'s applications are offered by name and ID', async () => {
    const { page } = app.running;
    const field = page.getByRole('combobox', { name: 'Application ID' });
    await field.click();
    await page.getByRole('option', { name: /Sandbox.*app-sandbox/ }).waitFor();
    await inAllLooks('applications');
    await field.fill('sand');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await state()).destination.applicationId).toBe('app-sandbox');
  });

  test('a locked destination stays, and what is dropped is sent at once', async () => {
    const { page } = app.running;
    await page.getByRole('button', { name: 'Lock this destination' }).click();
    await page.getByText('What you drop goes there at once.').waitFor();
    expect(await page.getByRole('radio', { name: 'Mobile Security' }).count()).toBe(0);
    await inAllLooks('locked');
    await dropFiles(page, [await file('repeated.zip')]);
    await expect.poll(uploads).toContain('car repeated.zip done');
    await page.getByRole('button', { name: 'Lock this destination', pressed: true }).click();
    await page.getByRole('radio', { name: 'Mobile Security' }).waitFor();
  });

  test('“Start and don’t ask again” starts this one and the next', async () => {
    const { page } = app.running;
    await dropFiles(page, [await file('first.zip')]);
    await card('first.zip').getByRole('button', { name: 'Start and don’t ask again' }).click();
    await expect.poll(uploads).toContain('car first.zip done');
    await dropFiles(page, [await file('second.zip')]);
    await expect.poll(uploads).toContain('car second.zip done');
  });
});
