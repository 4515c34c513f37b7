import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { partStarts } from '../../main/transfer/part-size.ts';
import type { UploadView } from '../../preload/contract.ts';
import { dropFiles, request, screenshot } from '../setup/app-driver.ts';
import { noKeychain, skipWith } from '../setup/machine.ts';
import { startApp, type TestApp } from '../support/app.ts';

skipWith(noKeychain);

let app: TestApp;
let cloud: Sandbox;
let cloudDirectory: string;
const content = randomBytes(400_000_000);

beforeAll(async () => {
  if (noKeychain !== null) return;
  cloudDirectory = await mkdtemp(path.join(tmpdir(), 'ferry-cloud-'));
  cloud = await startSandbox({ directory: cloudDirectory });
  app = await startApp();
  const { secretId, secretKey } = cloud.accounts[0]!;
  const { page } = app.running;
  await request(page, 'addAccount', { label: 'Studio', site: 'china', secretId, secretKey, apiEndpoint: cloud.url, cosDomain: cloud.url, sessionOnly: false });
  await request(page, 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
  // So slow that there is a middle to be stopped in.
  await request(page, 'setLimits', { parallelUploads: 6, partsInFlight: 4, bytesPerSecond: 40_000_000, timetable: [], resumesAtStart: true });
  await mkdir(app.scratch, { recursive: true });
  await writeFile(path.join(app.scratch, 'overnight.apk'), content);
});

afterAll(async () => {
  await app?.dispose();
  await cloud?.close();
  if (cloudDirectory) await rm(cloudDirectory, { recursive: true, force: true });
});

async function upload(): Promise<UploadView | undefined> {
  return (await request(app.running.page, 'getState')).uploads.uploads.find(({ name }) => name === 'overnight.apk');
}

const sentParts = (): number => cloud.requests().filter(({ operation, status }) => operation === 'UploadPart' && status === 200).length;

test('pause stops an upload and keeps what was sent; resume goes on', async () => {
  const { page } = app.running;
  await dropFiles(page, [path.join(app.scratch, 'overnight.apk')]);
  await expect.poll(async () => (await upload())?.fraction ?? 0).toBeGreaterThan(0.2);
  await page.getByRole('button', { name: 'Pause overnight.apk' }).click();
  await expect.poll(async () => (await upload())?.phase).toBe('paused');
  await screenshot(page, 'paused');
  const parts = sentParts();
  expect(parts).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Resume overnight.apk' }).click();
  await expect.poll(async () => (await upload())?.fraction ?? 0).toBeGreaterThan(0.35);
});

test('killed in the middle, the app goes on by itself and sends nothing twice but what was in flight', async () => {
  app.running.electron.process().kill('SIGKILL');
  const before = sentParts();
  await app.restart();
  await expect.poll(async () => (await upload())?.phase, { timeout: 60_000 }).toBe('done');
  const object = (await upload())!.object!;
  expect((await readFile(cloud.objectPath(object.bucket, object.key))).equals(content)).toBe(true);
  // Four in flight at the pause, four at the kill.
  const parts = partStarts(content.length, 2 * 1024 * 1024);
  expect(sentParts()).toBeLessThanOrEqual(parts.length + 8);
  expect(before).toBeGreaterThan(20);
  expect(cloud.requests().filter(({ operation }) => operation === 'InitiateMultipartUpload')).toHaveLength(1);
});

test('a file cut short while the app was closed arrives as it is now', async () => {
  const { page } = app.running;
  await request(page, 'clearFinished');
  await dropFiles(page, [path.join(app.scratch, 'overnight.apk')]);
  await expect.poll(async () => (await upload())?.fraction ?? 0).toBeGreaterThan(0.1);
  app.running.electron.process().kill('SIGKILL');
  const handle = await open(path.join(app.scratch, 'overnight.apk'), 'r+');
  await handle.truncate(150_000_000);
  await handle.close();
  await app.restart();
  await expect.poll(async () => (await upload())?.phase, { timeout: 60_000 }).toBe('done');
  const object = (await upload())!.object!;
  expect(object.size).toBe(150_000_000);
  expect((await readFile(cloud.objectPath(object.bucket, object.key))).equals(content.subarray(0, 150_000_000))).toBe(true);
});
