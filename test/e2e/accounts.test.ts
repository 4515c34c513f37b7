import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SystemKeychain } from '../../main/credentials/keychain.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { noKeychain, skipWith } from '../setup/machine.ts';
import { watchUploads } from '../setup/upload-watch.ts';
import { evaluateInMain, messages, startApp, type TestApp } from '../support/app.ts';
import { processTree } from '../support/process-tree.ts';

let cloud: Sandbox;
let cloudDirectory: string;

beforeAll(async () => {
  cloudDirectory = await mkdtemp(path.join(tmpdir(), 'ferry-cloud-'));
  cloud = await startSandbox({ directory: cloudDirectory });
});

afterAll(async () => {
  await cloud.close();
  await rm(cloudDirectory, { recursive: true, force: true });
});

async function fillIn(app: TestApp, change: { secretKey?: string } = {}): Promise<void> {
  const { page } = app.running;
  const [account] = cloud.accounts;
  await page.getByRole('button', { name: /^Account: / }).click();
  await page.getByRole('menuitem', { name: 'Add account…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add account' });
  await dialog.getByLabel('Name').fill('Studio 工作室');
  await dialog.getByLabel('SecretId').fill(account!.secretId);
  await dialog.getByLabel('SecretKey').fill(change.secretKey ?? account!.secretKey);
  await dialog.getByText('Advanced').click();
  await dialog.getByLabel('API endpoint').fill(cloud.url);
  await dialog.getByLabel('COS domain').fill(cloud.url);
}

/** Every file below a folder, as text. */
async function allText(directory: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) found.set(path.join(entry.parentPath, entry.name), await readFile(path.join(entry.parentPath, entry.name), 'latin1'));
  }
  return found;
}

describe('with the real keychain', () => {
  skipWith(noKeychain);
  let app: TestApp;
  const sent: unknown[] = [];

  beforeAll(async () => {
    if (noKeychain === null) app = await startApp();
  });
  afterAll(() => app?.dispose());
  afterEach(async () => { sent.push(...await messages(app)); });

  test('a wrong key is said at once, by its field, and nothing is kept', async () => {
    const { page } = app.running;
    await fillIn(app, { secretKey: 'not-the-key' });
    const dialog = page.getByRole('dialog', { name: 'Add account' });
    await dialog.getByRole('button', { name: 'Add account' }).click();
    await dialog.getByText(/SecretKey/).nth(1).waitFor();
    await screenshot(page, 'account-wrong-key');
    expect((await request(page, 'getState')).app.accounts).toHaveLength(1);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  test('an account is added, its key kept, and it is chosen', async () => {
    const { page } = app.running;
    await fillIn(app);
    await page.getByRole('dialog', { name: 'Add account' }).getByRole('button', { name: 'Add account' }).click();
    await page.getByRole('button', { name: 'Account: Studio 工作室' }).waitFor();
    expect((await request(page, 'getState')).app.accounts[1]).toMatchObject({ label: 'Studio 工作室', keyStorage: 'keychain' });
  });

  test('after a restart the key is still there and works', async () => {
    await app.restart();
    const { page } = app.running;
    await page.getByRole('button', { name: 'Account: Studio 工作室' }).waitFor();
    await request(page, 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
    const watch = await watchUploads(page);
    await mkdir(app.scratch, { recursive: true });
    const bytes = randomBytes(5_000_000);
    const file = path.join(app.scratch, 'build.apk');
    await writeFile(file, bytes);
    const [upload] = await watch.finished(() => dropFiles(page, [file]));
    expect(upload).toMatchObject({ phase: 'done', problem: null });
    const stored = await readFile(cloud.objectPath(upload!.object!.bucket, upload!.object!.key));
    expect(stored.equals(bytes)).toBe(true);
  });

  test('a package, a refreshed credential, a failed and a cancelled upload leave their traces', async () => {
    const { page } = app.running;
    await request(page, 'setDestination', { service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null });
    await request(page, 'refreshCredential');
    await mkdir(path.join(app.scratch, 'Game'), { recursive: true });
    await writeFile(path.join(app.scratch, 'Game/game.exe'), randomBytes(9_000_000));
    const state = async () => (await request(page, 'getState')).uploads.uploads;
    const phases = async () => (await state()).map(({ name, phase }) => `${name} ${phase}`);
    await dropFiles(page, [path.join(app.scratch, 'Game')]);
    await expect.poll(phases).toContain('Game.zip done');
    await request(page, 'setDestination', { service: 'car', applicationId: 'app-unknown', cosRegion: '', durationSeconds: null });
    await dropFiles(page, [path.join(app.scratch, 'Game/game.exe')]);
    await expect.poll(phases).toContain('game.zip failed');
    await request(page, 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
    const large = path.join(app.scratch, 'large.bin');
    await writeFile(large, '');
    await truncate(large, 10e9);
    await dropFiles(page, [large]);
    await expect.poll(phases).toContain('large.bin uploading');
    await request(page, 'cancelUploads', (await state()).filter(({ name }) => name === 'large.bin').map(({ id }) => id));
    await expect.poll(phases).toContain('large.bin cancelled');
  });

  test('no secret is in the user-data folder, the logs, or any message but the one that adds the account', async () => {
    const { secretKey } = cloud.accounts[0]!;
    const needles = [secretKey, 'not-the-key', ...cloud.issuedSecrets()];
    expect(needles.length).toBeGreaterThan(6);
    const files = await allText(app.userDataDirectory);
    expect([...files.keys()].some((name) => name.endsWith('main.log'))).toBe(true);
    for (const [name, text] of files) {
      for (const needle of needles) expect(text.includes(needle), `a secret in ${name}`).toBe(false);
    }
    expect(sent.length).toBeGreaterThan(10);
    const carriers = sent.filter((message) => needles.some((needle) => JSON.stringify(message).includes(needle)));
    expect(carriers.map((message) => (message as { channel: string; direction: string }).channel)).toEqual(carriers.map(() => 'ferry:request:addAccount'));
    expect(carriers.every((message) => (message as { direction: string }).direction === 'to-main')).toBe(true);
    expect(carriers.length).toBeGreaterThan(0);
  });

  test.runIf(process.platform === 'linux')('no secret is in the arguments or the environment of any of its processes, nor in a crash dump', async () => {
    const needles = [cloud.accounts[0]!.secretKey, 'not-the-key', ...cloud.issuedSecrets()];
    const processes = await processTree(app.running.electron.process().pid!);
    // Main, the zygotes, the page, and Chromium's network service.
    expect(processes.length).toBeGreaterThan(3);
    for (const { pid, told } of processes) expect(needles.filter((needle) => told.includes(needle)), `a secret is told to process ${pid}`).toEqual([]);
    const dumps = (await evaluateInMain(app)(({ app: electron }) => electron.getPath('crashDumps')));
    for (const [name, text] of await allText(dumps).catch(() => new Map<string, string>())) {
      expect(needles.filter((needle) => text.includes(needle)), name).toEqual([]);
    }
    expect(await evaluateInMain(app)(({ crashReporter }) => {
      try {
        return crashReporter.getUploadToServer();
      } catch {
        return false;
      }
    })).toBe(false);
  });

  test('a removed account is gone with its key', async () => {
    const { page } = app.running;
    const accountId = (await request(page, 'getState')).app.accounts[1]!.id;
    expect(await new SystemKeychain().get(accountId)).toBe(cloud.accounts[0]!.secretKey);
    await page.getByRole('button', { name: /^Account: / }).click();
    await page.getByRole('menuitem', { name: /Remove “Studio/ }).click();
    await page.getByRole('button', { name: 'Remove account' }).click();
    await page.getByRole('button', { name: 'Account: Sandbox (this computer)' }).waitFor();
    expect((await request(page, 'getState')).app.accounts).toHaveLength(1);
    expect(await new SystemKeychain().get(accountId)).toBeNull();
  });
});

describe.runIf(process.platform === 'linux')('with no keychain', () => {
  let app: TestApp;

  beforeEach(async () => { app = await startApp({ env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' } }); });
  afterEach(() => app.dispose());

  test('that is said, the key can be kept for this session only, and it works', async () => {
    const { page } = app.running;
    await fillIn(app);
    const dialog = page.getByRole('dialog', { name: 'Add account' });
    await dialog.getByRole('button', { name: 'Add account' }).click();
    await dialog.getByRole('alert').getByText(/keychain/i).first().waitFor();
    await screenshot(page, 'account-no-keychain');
    await dialog.getByRole('button', { name: 'Keep it for this session only' }).click();
    await page.getByRole('button', { name: 'Account: Studio 工作室' }).waitFor();
    await request(page, 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
    expect(await request(page, 'refreshCredential')).toMatchObject({ service: 'ms' });
    await app.restart();
    const { accounts } = (await request(app.running.page, 'getState')).app;
    expect(accounts[1]).toMatchObject({ keyStorage: 'missing' });
  });
});
