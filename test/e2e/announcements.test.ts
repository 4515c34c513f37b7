import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { dropFiles, request } from '../setup/app-driver.ts';
import { startApp, type TestApp } from '../support/app.ts';
import { Gates } from '../support/slow-sandbox.ts';

let app: TestApp;
let cloud: Sandbox;
let cloudDirectory: string;
const gates = new Gates();
const page = () => app.running.page;

beforeAll(async () => {
  cloudDirectory = await mkdtemp(path.join(tmpdir(), 'ferry-cloud-'));
  cloud = await startSandbox({ directory: cloudDirectory, faults: gates.faults });
  app = await startApp();
  const { secretId, secretKey } = cloud.accounts[0]!;
  await request(page(), 'addAccount', { label: 'Studio', site: 'china', secretId, secretKey, apiEndpoint: cloud.url, cosDomain: cloud.url, sessionOnly: true });
  await request(page(), 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
  await mkdir(app.scratch, { recursive: true });
  // As a screen reader hears it: whatever appears inside of a live region that was there before and can be reached.
  await page().evaluate(() => {
    const said: string[] = [];
    (globalThis as unknown as { said: string[] }).said = said;
    const regions = () => [...document.querySelectorAll('[role=status], [role=alert], [aria-live]')].filter((region) => region.checkVisibility());
    let known = regions();
    new MutationObserver((records) => {
      for (const { target, addedNodes } of records) {
        const region = target instanceof Element ? target.closest('[role=status], [role=alert], [aria-live]') : null;
        const isInert = document.querySelector('dialog:modal') !== null && !region?.closest('dialog:modal');
        if (region && known.includes(region) && !isInert) for (const node of addedNodes) if (node.textContent?.trim()) said.push(node.textContent.trim());
      }
      known = regions();
    }).observe(document.body, { childList: true, subtree: true });
  });
});

beforeEach(() => page().evaluate(() => { (globalThis as unknown as { said: string[] }).said.length = 0; }));

afterAll(async () => {
  gates.open('UploadPart');
  await app?.dispose();
  await cloud?.close();
  await rm(cloudDirectory, { recursive: true, force: true });
});

const all = (): Promise<readonly string[]> => page().evaluate(() => [...(globalThis as unknown as { said: string[] }).said]);
/** Without the quarters, which the line's speed decides. */
const said = async (): Promise<readonly string[]> => (await all()).filter((each) => !each.startsWith('Overall progress'));
async function file(name: string, content: string | Buffer = name): Promise<string> {
  const full = path.join(app.scratch, name);
  await writeFile(full, content);
  return full;
}

test('an upload is heard as it starts and as it ends, over a dialog as well', async () => {
  gates.close('UploadPart');
  await dropFiles(page(), [await file('large.apk', randomBytes(21_000_000))]);
  await expect.poll(said, { timeout: 10_000 }).toEqual(['Uploading large.apk.']);
  await page().getByRole('button', { name: 'Settings', exact: true }).click();
  gates.open('UploadPart');
  await expect.poll(said, { timeout: 20_000 }).toEqual(['Uploading large.apk.', 'Upload finished: large.apk.']);
  await page().keyboard.press('Escape');
});

test('what fails is heard with its reason, once more when it fails once more, and over the history', async () => {
  await page().getByRole('button', { name: 'History', exact: true }).click();
  // Dropping leads back to the list.
  await dropFiles(page(), [path.join(app.scratch, 'gone.apk')]);
  await page().getByRole('button', { name: 'History', exact: true }).click();
  await expect.poll(said, { timeout: 10_000 }).toEqual(['Upload failed: gone.apk.', expect.stringContaining('gone.apk')]);
  await page().keyboard.press('Escape');
  await page().getByRole('button', { name: 'Retry gone.apk' }).click();
  await expect.poll(async () => (await said()).filter((each) => each === 'Upload failed: gone.apk.').length, { timeout: 10_000 }).toBe(2);
});

test('what is dropped together is told together', async () => {
  const names = Array.from({ length: 40 }, (_, index) => `small-${index}.apk`);
  await dropFiles(page(), await Promise.all(names.map((name) => file(name))));
  await expect.poll(async () => (await said()).at(-1), { timeout: 30_000 }).toMatch(/uploads? finished/);
  expect((await all()).length).toBeLessThan(6);
});

test('what was removed is heard, with the offer to undo it', async () => {
  await page().getByRole('button', { name: 'Clear finished' }).click();
  await expect.poll(said).toContainEqual(expect.stringMatching(/removed from the list.*Undo/));
});
