import { getCurrentFuseWire, FuseV1Options } from '@electron/fuses';
import { listPackage } from '@electron/asar';
import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SystemKeychain } from '../../main/credentials/keychain.ts';
import { startSandbox } from '../../main/sandbox/sandbox.ts';
import { dropFiles, request } from '../setup/app-driver.ts';
import { externalPackages } from '../setup/external-packages.ts';
import { noKeychain } from '../setup/machine.ts';
import { watchUploads } from '../setup/upload-watch.ts';
import { keychainEnvironment, sandboxEnvironment, startCli } from '../support/cli.ts';
import { Gates } from '../support/slow-sandbox.ts';
import { makeInstalledApp, startInstalledApp, type InstalledApp } from '../support/installed-app.ts';
import { rootDirectory } from '../support/run-script.ts';

const run = promisify(execFile);

type Locked = Readonly<Partial<Record<'dependencies' | 'optionalDependencies', Record<string, string>>>> & { readonly dev?: true };

/** The packages that are not built into main, and all that they need by the lockfile. */
async function externalsAndTheirs(): Promise<ReadonlySet<string>> {
  const { packages } = JSON.parse(await readFile(path.join(rootDirectory, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> };
  const found = new Set(externalPackages.map((name) => name.split('/')[0]!));
  for (const name of found) {
    const versions = Object.entries(packages).filter(([folder, { dev }]) => !dev && folder.endsWith(`node_modules/${name}`));
    if (versions.length === 0) found.delete(name);
    for (const [, { dependencies, optionalDependencies }] of versions) for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) found.add(needed);
  }
  return found;
}

const [off, on] = ['0', '1'].map((state) => state.charCodeAt(0));

describe.runIf(process.platform === 'linux')('the installed app', () => {
  let root: string;
  let app: InstalledApp;
  let feed: Server;
  const asked: string[] = [];

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'ferry-installed-'));
    feed = createServer((incoming, reply) => {
      asked.push(incoming.url ?? '');
      reply.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(feed, 'listening');
    const updateKey = path.join(root, 'update-key.pem');
    await writeFile(updateKey, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
    app = await makeInstalledApp(path.join(root, 'dist'), {
      COS_FERRY_UPDATE_FEED: `http://127.0.0.1:${(feed.address() as AddressInfo).port}/feed`,
      COS_FERRY_UPDATE_KEY: updateKey,
    });
    await mkdir(path.join(root, 'Game/资源'), { recursive: true });
    await writeFile(path.join(root, 'Game/game.bin'), randomBytes(9_000_000));
    await writeFile(path.join(root, 'Game/资源/关卡.txt'), 'level\n'.repeat(10_000));
  });

  afterAll(async () => {
    feed.close();
    await rm(root, { recursive: true, force: true });
  });

  test('the fuses are set in the binary', async () => {
    const { version: _version, ...wire } = await getCurrentFuseWire(app.binary);
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: off,
      [FuseV1Options.EnableCookieEncryption]: on,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: off,
      [FuseV1Options.EnableNodeCliInspectArguments]: off,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: on,
      [FuseV1Options.OnlyLoadAppFromAsar]: on,
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: off,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: off,
    });
  });

  test('only what runs is in it, with the licence of every part', async () => {
    const files = listPackage(path.join(app.resources, 'app.asar'), { isPack: false });
    expect(files.filter((file) => !file.startsWith('/node_modules/') && /\.(ts|svelte|map|md)$/.test(file))).toEqual([]);
    const packages = files.flatMap((file) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/@][^/]*)$/.exec(file)?.[1] ?? []);
    // What they need for building only, or for a command that nobody starts here.
    const neverLoaded = ['node-addon-api', 'argparse'];
    expect([...new Set(packages)].sort()).toEqual([...await externalsAndTheirs()].filter((name) => !neverLoaded.includes(name)).sort());
    expect(files.filter((file) => file.endsWith('keytar.node'))).toContain(`/node_modules/keytar/prebuilds/linux-${process.arch}/keytar.node`);
    const licences = await readFile(path.join(app.resources, 'LICENSES.txt'), 'utf8');
    for (const name of ['archiver', 'svelte', '@github/keytar', 'electron-updater', 'valibot']) expect(licences).toContain(`\n${name} `);
  });

  test('as an AppImage its menu entry opens files and links, and leaves Chromium’s sandbox on', async () => {
    let entry = '';
    await build({
      targets: Platform.LINUX.createTarget('AppImage'), prepackaged: path.dirname(app.launcher), publish: 'never',
      config: { directories: { output: path.join(root, 'appimage') } },
      // True ends it before its tools are needed, which come from the builder's own site.
      effectiveOptionComputed: async ({ desktop }: { desktop: string }) => {
        entry = desktop;
        return true;
      },
    });
    expect(entry).toMatch(/^Exec=AppRun %U$/m);
    expect(entry).toMatch(/^MimeType=(?=.*application\/zip;)(?=.*application\/vnd\.android\.package-archive;).*x-scheme-handler\/cos-ferry;/m);
  });

  test('it opens, and uploads a dropped folder into the sandbox, with no breach of the content policy', async () => {
    const userData = path.join(root, 'user-data');
    const running = await startInstalledApp(app, { COS_FERRY_USER_DATA: userData });
    let code: number | null = null;
    try {
      const { page } = running;
      const breaches: string[] = [];
      page.on('console', (message) => { if (/content security policy/i.test(message.text())) breaches.push(message.text()); });
      page.on('pageerror', (error) => { breaches.push(String(error)); });
      // From its very beginning, which was before anybody could listen.
      await page.reload();
      await page.getByText('Drop a build anywhere on this window').waitFor();
      const watch = await watchUploads(page);
      const [upload] = await watch.finished(() => dropFiles(page, [path.join(root, 'Game')]));
      expect(upload).toMatchObject({ phase: 'done', name: 'Game.zip', packed: true });
      const { bucket, key } = upload!.object!;
      await run('unzip', ['-q', path.join(userData, 'sandbox/objects', bucket, key), '-d', path.join(root, 'unpacked')]);
      await run('diff', ['-r', path.join(root, 'Game'), path.join(root, 'unpacked')]);
      expect(breaches).toEqual([]);

      // A link that comes by a second start fills in the destination, and starts nothing.
      await run(app.launcher, ['--no-sandbox', 'cos-ferry://upload?service=ms&region=ap-shanghai', path.join(root, 'Game')], { env: { ...process.env, COS_FERRY_USER_DATA: userData } });
      await expect.poll(async () => (await request(page, 'getState')).app.destination).toMatchObject({ service: 'ms', cosRegion: 'ap-shanghai' });
      expect((await request(page, 'getState')).uploads.sources).toHaveLength(1);
    } finally {
      code = await running.quit();
    }
    expect(code).toBe(0);
  });

  test('it keeps an account in the real keychain, and uploads with it', async ({ skip }) => {
    if (noKeychain !== null) skip(noKeychain);
    const cloud = await startSandbox({ directory: path.join(root, 'cloud') });
    const running = await startInstalledApp(app, { COS_FERRY_USER_DATA: path.join(root, 'user-data') });
    try {
      const { page } = running;
      const { secretId, secretKey } = cloud.accounts[0]!;
      const account = await request(page, 'addAccount', {
        label: 'Studio', site: 'china', secretId, secretKey, apiEndpoint: cloud.url, cosDomain: cloud.url, sessionOnly: false,
      });
      expect(account.keyStorage).toBe('keychain');
      expect(await new SystemKeychain().get(account.id)).toBe(secretKey);
      await request(page, 'setDestination', { service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null });
      const watch = await watchUploads(page);
      const [upload] = await watch.finished(() => dropFiles(page, [path.join(root, 'Game')]));
      expect(upload).toMatchObject({ phase: 'done', name: 'Game.zip' });
      await request(page, 'removeAccount', account.id);
    } finally {
      await running.quit();
      await cloud.close();
    }
  });

  test('an unpacked app, which cannot replace itself, never asks its feed', () => {
    expect(asked).toEqual([]);
  });

  test('as an AppImage it asks its feed for what is new', async () => {
    const image = path.join(root, 'COS Ferry.AppImage');
    await writeFile(image, '');
    const running = await startInstalledApp(app, { COS_FERRY_USER_DATA: path.join(root, 'user-data'), APPIMAGE: image });
    try {
      await expect.poll(() => asked, { timeout: 30_000 }).toContainEqual(expect.stringMatching(/^\/feed\/latest-linux\.yml/));
    } finally {
      await running.quit();
    }
  });

  test('its command line uploads without a display, a keychain or a home', async () => {
    const sandbox = await startSandbox({ directory: path.join(root, 'cli-sandbox') });
    try {
      const args = ['upload', '--service', 'car', '--application-id', 'app-sandbox', '--json', '--state-dir', path.join(root, 'cli-state'), path.join(root, 'Game')];
      // As a package links it.
      const command = path.join(root, 'cos-ferry');
      await symlink(app.launcher, command);
      const { status, events, stderr } = await startCli(command, args, { ...sandboxEnvironment(sandbox), HOME: path.join(root, 'nobody') }, null).ended;
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(events.at(-1)).toMatchObject({ event: 'done' });
      // As an AppImage starts it where the system gives it no sandbox.
      expect((await startCli(command, ['--no-sandbox', 'help'], {}, null).ended).stdout).toContain('--application-id');
    } finally {
      await sandbox.close();
    }
  });

  test('its command line ends as it should where it has nothing to do', async () => {
    const end = (...args: string[]) => startCli(app.launcher, args, {}, null).ended.then(({ status }) => status);
    // Where a thread still begins, one in four crashes as it ends: several at once, more of them in less time.
    for (let round = 0; round < 6; round++) {
      const both = [1, 2, 3].flatMap(() => [end('upload'), end('upload', '--help')]);
      expect(await Promise.all(both)).toEqual([2, 0, 2, 0, 2, 0]);
    }
  });

  test('its command line, killed, goes on under the credential that it has put into the keychain', async ({ skip }) => {
    if (noKeychain !== null) skip(noKeychain);
    const gates = new Gates();
    const sandbox = await startSandbox({ directory: path.join(root, 'keychain-sandbox'), faults: gates.faults });
    const start = (args: readonly string[]) => startCli(app.launcher, [args[0]!, '--json', '--state-dir', path.join(root, 'keychain-state'), ...args.slice(1)], { ...sandboxEnvironment(sandbox), ...keychainEnvironment() }, null);
    try {
      gates.delaysMs.set('UploadPart', 20);
      const killed = start(['upload', '--service', 'ms', '--part-size', '1048576', '--concurrency', '1', path.join(root, 'Game/game.bin')]);
      await gates.reached('UploadPart', 3);
      killed.process.kill('SIGKILL');
      await killed.ended;
      const { status, events, stderr } = await start(['resume']).ended;
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(events.filter(({ event }) => event === 'restarted')).toEqual([]);
      expect(events.at(-1)).toMatchObject({ event: 'done' });
      expect(gates.count('InitiateMultipartUpload')).toBe(1);
    } finally {
      await sandbox.close();
    }
  });

  test('the environment can make nothing else of the binary', async () => {
    const trace = path.join(root, 'was-here');
    const evil = path.join(root, 'evil.cjs');
    await writeFile(evil, `require('node:fs').writeFileSync(${JSON.stringify(trace)}, '')`);
    const start = (environment: Record<string, string>, ...args: string[]) =>
      run(app.binary, ['--no-sandbox', '--ozone-platform=headless', '--command-line', ...args], { env: { PATH: process.env['PATH'], HOME: root, ...environment } });
    const { stdout } = await start({ ELECTRON_RUN_AS_NODE: '1' }, 'help');
    expect(stdout).toContain('--application-id');
    await start({ NODE_OPTIONS: `--require=${evil}` }, 'help');
    await expect(readFile(trace)).rejects.toThrow('ENOENT');
  });
});
