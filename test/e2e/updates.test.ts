import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { updateStatement } from '../../main/app/update-signature.ts';
import { clickTrayItem, evaluateInMain, notices, startApp, trayLabels, type TestApp } from '../support/app.ts';
import { rootDirectory } from '../support/run-script.ts';

const keys = generateKeyPairSync('ed25519');
/** electron-updater runs it once even where it is not to be started. */
const newAppImage = '#!/bin/sh\n[ -n "$APPIMAGE_EXIT_AFTER_INSTALL" ] || echo started > "$(dirname "$0")/started"\n';

describe.runIf(process.platform === 'linux')('updates', () => {
  let root: string;
  let feed: Server;
  let feedUrl: string;
  let served = new Map<string, string>();
  const asked: string[] = [];

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'ferry-updates-'));
    feed = createServer((incoming, reply) => {
      const name = path.basename(new URL(incoming.url ?? '', 'http://feed').pathname);
      asked.push(name);
      const content = served.get(name);
      reply.writeHead(content === undefined ? 404 : 200).end(content);
    }).listen(0, '127.0.0.1');
    await once(feed, 'listening');
    feedUrl = `http://127.0.0.1:${(feed.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    feed.close();
    await rm(root, { recursive: true, force: true });
  });

  /** Version 9.9.9, as `npm run dist` describes and signs it. */
  function offer(content = newAppImage, key = keys.privateKey): void {
    const sha512 = createHash('sha512').update(newAppImage).digest('base64');
    const description = { version: '9.9.9', files: [{ url: 'new.AppImage', sha512, size: newAppImage.length }], path: 'new.AppImage', sha512, releaseDate: '2026-01-01T00:00:00.000Z' };
    const signature = sign(null, updateStatement(description), key).toString('base64');
    served = new Map([['latest-linux.yml', JSON.stringify({ ...description, signature })], ['new.AppImage', content]]);
    asked.length = 0;
  }

  /** The app as a build with a feed makes it: the same code with another package.json. */
  async function startBuild(name: string, updates: object | null): Promise<{ app: TestApp; image: string }> {
    const directory = await mkdtemp(path.join(root, 'app-'));
    const manifest = JSON.parse(await readFile(path.join(rootDirectory, 'package.json'), 'utf8')) as object;
    await writeFile(path.join(directory, 'package.json'), JSON.stringify({ ...manifest, ...(updates && { updates }) }));
    for (const folder of ['out', 'assets', 'node_modules']) await symlink(path.join(rootDirectory, folder), path.join(directory, folder));
    await writeFile(path.join(directory, 'app-update.yml'), JSON.stringify({ provider: 'generic', url: feedUrl, updaterCacheDirName: path.basename(directory) }));
    const image = path.join(directory, `${name}.AppImage`);
    await writeFile(image, '#!/bin/sh\n# The old version.\n');
    await chmod(image, 0o755);
    return { app: await startApp({ appDirectory: directory, env: { APPIMAGE: image, XDG_CACHE_HOME: path.join(directory, 'cache') } }), image };
  }

  const withFeed = () => ({ feed: feedUrl, publicKey: keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64') });

  /** From now on questions are answered with the button of this label; what they say is kept. */
  const answer = (app: TestApp, label: string) => evaluateInMain(app)(({ dialog, app: electronApp }, button) => {
    const asked = globalThis as unknown as { questions: string[] };
    asked.questions = [];
    dialog.showMessageBox = ((box: { buttons: string[]; message: string }) => {
      asked.questions.push(box.message);
      return Promise.resolve({ response: Math.max(0, box.buttons.indexOf(button)), checkboxChecked: false });
    }) as unknown as typeof dialog.showMessageBox;
    // What electron-updater takes for an install; running from source is none.
    Object.defineProperty(electronApp, 'isPackaged', { value: true });
    Object.defineProperty(process, 'resourcesPath', { value: electronApp.getAppPath() });
  }, label);
  const questions = (app: TestApp) => evaluateInMain(app)(() => (globalThis as unknown as { questions: string[] }).questions);

  test('a newer version is announced, fetched when the person says so, and in place when they quit', async () => {
    offer();
    const { app, image } = await startBuild('trusted', withFeed());
    try {
      await answer(app, 'Install when I quit');
      await expect.poll(async () => (await notices(app)).map(({ title }) => title), { timeout: 30_000 }).toContain('COS Ferry 9.9.9 is ready');
      expect(asked).toEqual(['latest-linux.yml']);
      await expect.poll(() => trayLabels(app)).toContain('Install version 9.9.9…');
      await clickTrayItem(app, 'update');
      await expect.poll(() => trayLabels(app)).toContain('Version 9.9.9 is installed when you quit');
      expect(await questions(app)).toEqual(['COS Ferry 9.9.9 is available']);
      expect(await readFile(image, 'utf8')).toContain('The old version.');
    } finally {
      await app.dispose();
    }
    expect(await readFile(image, 'utf8')).toBe(newAppImage);
    expect(existsSync(path.join(path.dirname(image), 'started'))).toBe(false);
  });

  test('or at once: the app quits, and the new one starts', async () => {
    offer();
    const { app, image } = await startBuild('restarted', withFeed());
    try {
      await answer(app, 'Install and restart');
      const closed = new Promise<void>((resolve) => { app.running.electron.once('close', () => { resolve(); }); });
      await clickTrayItem(app, 'update');
      await closed;
      await expect.poll(() => existsSync(path.join(path.dirname(image), 'started'))).toBe(true);
    } finally {
      await app.dispose();
    }
    expect(await readFile(image, 'utf8')).toBe(newAppImage);
  });

  test('what is not signed with the key of the build is refused in words, and never fetched', async () => {
    offer(newAppImage, generateKeyPairSync('ed25519').privateKey);
    const { app } = await startBuild('forged', withFeed());
    try {
      await answer(app, 'Install and restart');
      await clickTrayItem(app, 'update');
      await expect.poll(() => questions(app)).toEqual(['The update was refused']);
      expect(asked).toEqual(['latest-linux.yml']);
    } finally {
      await app.dispose();
    }
  });

  test('another file than was signed is not installed', async () => {
    offer(`${newAppImage}rm -rf ~\n`);
    const { app, image } = await startBuild('swapped', withFeed());
    try {
      await answer(app, 'Install when I quit');
      await clickTrayItem(app, 'update');
      await expect.poll(() => questions(app)).toEqual(['COS Ferry 9.9.9 is available', 'The update failed']);
      expect(asked).toContain('new.AppImage');
    } finally {
      await app.dispose();
    }
    expect(await readFile(image, 'utf8')).toContain('The old version.');
  });

  test('a build without a feed has no menu entry for it, and asks nobody', async () => {
    offer();
    const { app } = await startBuild('without', null);
    try {
      expect((await trayLabels(app)).filter((label) => /update/i.test(label))).toEqual([]);
      // Longer than the first look takes.
      await new Promise((resolve) => { setTimeout(resolve, 7_000); });
      expect(asked).toEqual([]);
    } finally {
      await app.dispose();
    }
  });
});
