import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ObjectView, UploadView } from '../../preload/contract.ts';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { watchUploads, type UploadWatch } from '../setup/upload-watch.ts';
import { startApp, type TestApp } from '../support/app.ts';

const run = promisify(execFile);
let app: TestApp;
let watch: UploadWatch;

beforeAll(async () => {
  app = await startApp();
  watch = await watchUploads(app.running.page);
});

afterAll(() => app.dispose());

async function file(name: string, content: string | Buffer): Promise<string> {
  const full = path.join(app.scratch, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

/** Zeros that take no room: something to send for a while. */
async function largeFile(name: string, bytes: number): Promise<string> {
  const full = await file(name, '');
  const handle = await open(full, 'r+');
  await handle.truncate(bytes);
  await handle.close();
  return full;
}

const objectFile = ({ bucket, key }: ObjectView): string => path.join(app.userDataDirectory, 'sandbox/objects', bucket, key);

function row(name: string) {
  return app.running.page.getByRole('row', { name });
}

test('the first start shows the sandbox and where a drop goes', async () => {
  const { page } = app.running;
  await page.getByRole('button', { name: 'Account: Sandbox (this computer)' }).waitFor();
  await page.getByText('Drop a build anywhere on this window').waitFor();
  await page.getByText('It goes to Cloud Application Rendering · app-sandbox · Sandbox (this computer)').waitFor();
  await screenshot(page, 'first-start');
});

test('dragging over the window says where it will go', async () => {
  const { page } = app.running;
  const apk = await file('dragged.apk', 'apk');
  await dropFiles(page, [apk], { letGo: false });
  await page.getByText('Drop here').waitFor();
  await screenshot(page, 'dragging');
});

test('a folder dropped for Cloud Application Rendering arrives as a zip whose tree is the folder', async () => {
  const { page } = app.running;
  await file('Game/bin/game.exe', randomBytes(30_000_000));
  await file('Game/data/关卡 one.txt', 'level\n'.repeat(50_000));
  await file('Game/data/empty.dat', '');
  await mkdir(path.join(app.scratch, 'Game/saves'));
  const [upload] = await watch.finished(() => dropFiles(page, [path.join(app.scratch, 'Game')]));
  expect(upload).toMatchObject({ phase: 'done', name: 'Game.zip', packed: true });
  const object = upload!.object!;
  expect(object.key).toMatch(/\/app-sandbox\/ver-[^/]+\/app-sandbox\.zip$/);
  await run('unzip', ['-tq', objectFile(object)]);
  const unpacked = path.join(app.scratch, 'unpacked');
  await run('unzip', ['-q', objectFile(object), '-d', unpacked]);
  await run('diff', ['-r', path.join(app.scratch, 'Game'), unpacked]);
  await row('Game.zip').getByText('Verified').waitFor();
});

test('progress moves, forward only', async () => {
  const game = [...watch.uploads.values()].find(({ name }) => name === 'Game.zip')!;
  const fractions = watch.history(game.id).map(({ fraction }) => fraction);
  expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  expect(new Set(watch.history(game.id).map(({ phase }) => phase))).toContain('uploading');
});

test('a file and a folder dropped for Mobile Security arrive byte for byte under the prefix', async () => {
  const { page } = app.running;
  await page.getByRole('radio', { name: 'Mobile Security' }).check({ force: true });
  await expect.poll(async () => (await request(page, 'getState')).app.destination.service).toBe('ms');
  const apk = await file('app-release.apk', randomBytes(9_000_000));
  await file('symbols/a/libgame.so', randomBytes(200_000));
  await file('symbols/名字 🚢.txt', 'x');
  await symlink('/etc/hostname', path.join(app.scratch, 'symbols/outside'));
  const uploads = await watch.finished(() => dropFiles(page, [apk, path.join(app.scratch, 'symbols')]));
  expect(uploads.map(({ name, phase }) => [name, phase]).sort()).toEqual([
    ['app-release.apk', 'done'], ['symbols/a/libgame.so', 'done'], ['symbols/名字 🚢.txt', 'done'],
  ]);
  const { credential } = (await request(page, 'getState')).app;
  const prefix = credential.kind === 'ready' ? credential.credential.scope.value : 'none';
  for (const { name, object } of uploads) {
    expect(object!.key).toBe(`${prefix}/${name}`);
    expect((await readFile(objectFile(object!))).equals(await readFile(path.join(app.scratch, name)))).toBe(true);
  }
  await row('symbols').getByText('1 item left out').waitFor();
});

test('the credential is shown with its scope and a countdown, and can be refreshed', async () => {
  const { page } = app.running;
  const strip = page.getByRole('group', { name: 'Temporary credential' });
  const text = async (): Promise<string> => (await strip.innerText()).replaceAll('\n', '');
  await expect.poll(text).toContain('ms-sandbox-1250000000');
  const before = await text();
  expect(before).toMatch(/\d+:\d\d/);
  await page.getByRole('button', { name: 'Refresh credential' }).click();
  const prefix = /pctool\/\d+\/\d+/.exec(before)![0];
  await expect.poll(text).not.toContain(prefix);
  expect(await text()).toMatch(/pctool\/\d+\/\d+/);
});

test('cancel asks once much was sent, stops the upload and leaves no parts behind', async () => {
  const { page } = app.running;
  const large = await largeFile('large.apk', 20e9);
  const ofLarge = (): UploadView | undefined => [...watch.uploads.values()].find(({ name }) => name === 'large.apk');
  await dropFiles(page, [large]);
  await watch.until(() => (ofLarge()?.bytesSent ?? 0) > 1.2e9);
  await screenshot(page, 'uploading');
  expect(await row('large.apk').getByRole('progressbar').getAttribute('aria-valuetext')).toMatch(/Uploading/);
  await page.getByRole('button', { name: 'Cancel large.apk' }).click();
  await page.getByRole('button', { name: 'Cancel upload' }).click();
  await watch.until(() => ofLarge()?.phase === 'cancelled');
  expect(ofLarge()!.problem).toBeNull();
  // They are discarded beside it, under find's eyes, which that makes fail.
  const left = (): Promise<string> => run('find', [path.join(app.userDataDirectory, 'sandbox/multipart'), '-type', 'f']).then(({ stdout }) => stdout, () => 'busy');
  await expect.poll(left).toBe('');
  await row('large.apk').getByText('Cancelled').waitFor();
});

test('what cannot be sent says why and what to do, and the rest arrives', async () => {
  const { page } = app.running;
  await mkdir(path.join(app.scratch, 'nothing'));
  const good = await file('good.txt', 'good');
  await dropFiles(page, [path.join(app.scratch, 'nothing'), good]);
  await row('good.txt').getByText('Verified').waitFor();
  await row('nothing').getByText(/empty/i).first().waitFor();
  await screenshot(page, 'failed');
});

test('details of an object can be unfolded', async () => {
  const { page } = app.running;
  await row('Game.zip').getByRole('button', { name: 'Details of Game.zip' }).click();
  await row('Game.zip').getByText('CRC64').waitFor();
  await screenshot(page, 'details');
});

test('without an ApplicationId a drop is kept and asked about', async () => {
  const { page } = app.running;
  await request(page, 'setDestination', { service: 'car', applicationId: '', cosRegion: '', durationSeconds: null });
  await dropFiles(page, [await file('late.zip', 'zip')]);
  const dialog = page.getByRole('dialog', { name: 'Which application is this for?' });
  await dialog.getByText('late.zip').waitFor();
  await dialog.getByRole('combobox').fill('app-wrong');
  await dialog.getByRole('button', { name: 'Upload', exact: true }).click();
  await dialog.getByText(/app-wrong/).first().waitFor();
  await screenshot(page, 'pending-drop');
  await dialog.getByRole('combobox').fill('app-sandbox');
  await dialog.getByRole('button', { name: 'Upload', exact: true }).click();
  await row('late.zip').getByText('Verified').waitFor();
  await expect.poll(async () => (await request(page, 'getState')).app.destination.applicationId).toBe('app-sandbox');
});

test('finished uploads can be cleared', async () => {
  const { page } = app.running;
  await page.getByRole('button', { name: 'Clear finished' }).click();
  await page.getByText('Drop a build anywhere on this window').waitFor();
});
