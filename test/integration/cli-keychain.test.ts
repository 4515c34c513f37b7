import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SystemKeychain } from '../../main/credentials/keychain.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { SettingsStore } from '../../main/settings/settings-store.ts';
import { noKeychain, skipWith } from '../setup/machine.ts';
import { buildCli, keychainEnvironment, sandboxEnvironment, startCli, type CliEnd } from '../support/cli.ts';
import { processTree } from '../support/process-tree.ts';
import { Gates } from '../support/slow-sandbox.ts';

const mebibyte = 1024 * 1024;
const bytes = randomBytes(12 * mebibyte);
let cli: string;
let directory: string;
let sandbox: Sandbox;
let gates: Gates;

beforeAll(async () => { cli = await buildCli('cli-keychain'); });

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-cli-keychain-'));
  gates = new Gates();
  sandbox = await startSandbox({ directory: path.join(directory, 'sandbox'), faults: gates.faults });
  await writeFile(path.join(directory, 'app.apk'), bytes);
});

afterEach(async () => {
  await sandbox.close();
  await rm(directory, { recursive: true, force: true });
});

type Environment = Record<string, string>;
const command = (args: readonly string[], environment: Environment) =>
  startCli(cli, [args[0]!, '--state-dir', path.join(directory, 'state'), ...args.slice(1)], { ...sandboxEnvironment(sandbox), ...environment });
const run = (args: readonly string[], environment: Environment): Promise<CliEnd> => command(args, environment).ended;
const named = (end: CliEnd, event: string): readonly Record<string, unknown>[] => end.events.filter((each) => each['event'] === event);
const parts = ['--part-size', String(mebibyte), '--concurrency', '2'];

/** An upload of twelve parts that ends by a signal when COS has a few of them. */
async function interrupted(environment: Environment, signal: NodeJS.Signals, options: readonly string[] = ['--json']): Promise<CliEnd> {
  gates.delaysMs.set('UploadPart', 20);
  const started = command(['upload', '--service', 'ms', ...options, ...parts, path.join(directory, 'app.apk')], environment);
  await gates.reached('UploadPart', 6);
  started.process.kill(signal);
  return started.ended;
}

async function arrived(end: CliEnd): Promise<Record<string, unknown>> {
  const [done] = named(end, 'done');
  expect(end, end.stderr).toMatchObject({ status: 0 });
  expect((await readFile(sandbox.objectPath(String(done!['bucket']), String(done!['key'])))).equals(bytes)).toBe(true);
  return done!;
}

describe('without a keychain', () => {
  const none = { DBUS_SESSION_BUS_ADDRESS: 'disabled:' };

  test.runIf(process.platform === 'linux')('an interrupted upload says once that its credential is not kept; resume starts over, and says why', async () => {
    const end = await interrupted(none, 'SIGINT');
    expect(end.status).toBe(130);
    expect(named(end, 'warning')).toMatchObject([{ code: 'credential-not-kept', message: expect.stringMatching(/keychain/) as string }]);
    const resumed = await run(['resume', '--json', ...parts.slice(2)], none);
    expect(named(resumed, 'restarted')).toMatchObject([{ code: 'started-over-scope' }]);
    expect(named(resumed, 'notice')).toMatchObject([{ code: 'parts-left' }]);
    expect(named(resumed, 'warning')).toMatchObject([{ code: 'credential-not-kept' }]);
    await arrived(resumed);
  });

  test.runIf(process.platform === 'linux')('for people it is said in their language, and nothing is said where nothing is left unfinished', async () => {
    const chinese = await interrupted({ ...none, LANG: 'zh_CN.UTF-8' }, 'SIGINT', []);
    expect(chinese.stderr.match(/credential-not-kept/g)).toHaveLength(1);
    expect(chinese.stderr).toMatch(/钥匙串/);
    gates.delaysMs.clear();
    const whole = await run(['upload', '--service', 'ms', '--json', ...parts, path.join(directory, 'app.apk')], none);
    await arrived(whole);
    expect(named(whole, 'warning')).toEqual([]);
  });
});

test.runIf(process.platform === 'linux')('a keychain that never answers holds up neither the upload nor the end of the process', async () => {
  const asked: unknown[] = [];
  const bus = createServer((socket) => {
    asked.push(socket);
    socket.on('error', () => undefined);
    socket.resume();
  });
  const address = path.join(directory, 'bus');
  await new Promise<void>((resolve) => { bus.listen(address, resolve); });
  const started = command(['upload', '--service', 'ms', '--json', ...parts, path.join(directory, 'app.apk')], { DBUS_SESSION_BUS_ADDRESS: `unix:path=${address}` });
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  // The process that waits for it is not told the key that this one was given.
  const [asking, ...others] = (await processTree(started.process.pid!)).filter(({ pid }) => pid !== started.process.pid);
  expect(asking?.told).toContain('answer-for-the-keychain');
  expect([asking, ...others].filter((each) => each?.told.includes(sandbox.accounts[0]!.secretKey)).map((each) => each?.pid)).toEqual([]);
  const end = await started.ended;
  bus.close();
  await arrived(end);
});

describe('with the system\'s keychain', () => {
  skipWith(noKeychain);
  const keychain = new SystemKeychain();

  test.each(['SIGINT', 'SIGKILL'] as const)('resume goes on under the old credential after %s, though the keys come from the environment', async (signal) => {
    const environment = keychainEnvironment();
    await interrupted(environment, signal);
    const [unfinished] = (await run(['list', '--json'], environment)).events;
    const place = `upload:${String(unfinished!['id'])}`;
    expect(await keychain.get(place)).toContain('tmpSecretKey');
    const resumed = await run(['resume', '--json', ...parts.slice(2)], environment);
    const done = await arrived(resumed);
    expect(done['key']).toBe(unfinished!['key']);
    expect(done['sentBytes']).toBeLessThanOrEqual(8 * mebibyte);
    expect(named(resumed, 'restarted')).toEqual([]);
    expect(gates.count('InitiateMultipartUpload')).toBe(1);
    expect(await keychain.get(place)).toBeNull();
  });

  test('abort discards the parts that only the old credential can reach', async () => {
    const environment = keychainEnvironment();
    await interrupted(environment, 'SIGKILL');
    expect(await sandbox.listMultipartUploads()).toHaveLength(1);
    expect((await run(['abort', '--json'], environment)).status).toBe(0);
    expect(await sandbox.listMultipartUploads()).toEqual([]);
  });

  describe('--account', () => {
    const account = { id: randomUUID(), label: 'Studio', site: 'china', secretId: '', apiEndpoint: null, cosDomain: null, sessionOnly: false, wasInKeychain: true } as const;
    const withoutKeys = (): Environment => ({
      ...keychainEnvironment(), COS_FERRY_USER_DATA: path.join(directory, 'app'), TENCENTCLOUD_SECRET_ID: '', TENCENTCLOUD_SECRET_KEY: '',
    });

    beforeEach(async () => {
      const settings = await SettingsStore.open(path.join(directory, 'app', 'settings.json'), (error) => { throw error; });
      await settings.update({ accounts: [{ ...account, secretId: sandbox.accounts[0]!.secretId }] });
    });

    test('uploads with the key that the app has kept, and resumes with it', async () => {
      await keychain.set(account.id, sandbox.accounts[0]!.secretKey);
      await interrupted(withoutKeys(), 'SIGKILL', ['--json', '--account', 'Studio']);
      const resumed = await run(['resume', '--json', '--account', 'Studio', ...parts.slice(2)], withoutKeys());
      await arrived(resumed);
      expect(gates.count('InitiateMultipartUpload')).toBe(1);
      expect(resumed.stdout + resumed.stderr).not.toContain(sandbox.accounts[0]!.secretKey);
      await keychain.delete(account.id);
    });

    test('is exit status 3 where the keychain has no key for it', async () => {
      const end = await run(['upload', '--service', 'ms', '--json', '--account', 'Studio', path.join(directory, 'app.apk')], withoutKeys());
      expect(end.status).toBe(3);
      expect(named(end, 'failed')).toMatchObject([{ code: 'key-missing' }]);
    });
  });
});
