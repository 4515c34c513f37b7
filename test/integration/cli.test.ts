import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { buildCli, sandboxEnvironment, startCli, type CliEnd, type CliRun } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { Gates } from '../support/slow-sandbox.ts';

let cli: string;
let directory: string;
let sandbox: Sandbox;
let gates: Gates;
let environment: Record<string, string>;

beforeAll(async () => { cli = await buildCli('cli'); });

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-cli-'));
  gates = new Gates();
  sandbox = await startSandbox({ directory: path.join(directory, 'sandbox'), rotateScopes: false, faults: gates.faults });
  environment = sandboxEnvironment(sandbox);
});

afterEach(async () => {
  await sandbox.close();
  await rm(directory, { recursive: true, force: true });
});

const state = (): string => path.join(directory, 'state');
const start = (args: readonly string[], change: Record<string, string> = {}): CliRun =>
  startCli(cli, [args[0]!, '--state-dir', state(), ...args.slice(1)], { ...environment, ...change });
const run = (args: readonly string[], change: Record<string, string> = {}): Promise<CliEnd> => start(args, change).ended;

async function file(name: string, content: string | Buffer): Promise<string> {
  const full = path.join(directory, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

const ms = ['upload', '--service', 'ms', '--json'];
const car = ['upload', '--service', 'car', '--application-id', 'app-sandbox', '--json'];
const named = (end: CliEnd, event: string): readonly Record<string, unknown>[] => end.events.filter((each) => each['event'] === event);

describe('upload', () => {
  test('tells each object as one line of JSON, as COS has confirmed it', async () => {
    const bytes = randomBytes(81_000_000);
    const end = await run([...ms, await file('app.apk', bytes)]);
    expect(end.status).toBe(0);
    const [done] = named(end, 'done');
    expect(done).toMatchObject({
      name: 'app.apk', bucket: 'ms-sandbox-1250000000', region: 'ap-guangzhou', size: bytes.length, sentBytes: bytes.length,
      key: expect.stringMatching(/\/app\.apk$/) as string, crc64: expect.stringMatching(/^\d+$/) as string,
      etag: expect.stringMatching(/^[0-9a-f]{32}-47$/) as string, requestId: expect.stringMatching(/.+/) as string,
      durationMs: expect.any(Number) as number,
    });
    expect((await readFile(sandbox.objectPath(String(done!['bucket']), String(done!['key'])))).equals(bytes)).toBe(true);
    expect(named(end, 'progress').length).toBeGreaterThan(0);
    expect(await readdir(path.join(state(), 'runs'))).toEqual([]);
  });

  test('several paths are several objects for ms, and one package for car', async () => {
    const paths = [await file('a.txt', 'a'), await file('b/c.txt', 'c')];
    const both = await run([...ms, paths[0]!, path.join(directory, 'b')]);
    expect(named(both, 'done').map(({ name }) => name).sort()).toEqual(['a.txt', 'b/c.txt']);
    const packed = await run([...car, paths[0]!, path.join(directory, 'b')]);
    expect(named(packed, 'done')).toHaveLength(1);
  });

  test.each([
    ['an ms file', ms, 'a.txt', 'x/new.apk', 'x/new.apk'],
    ['an ms folder', ms, 'b', 'new', 'new/c.txt'],
    ['a car package', car, 'b', 'new', 'new.zip'],
    ['a car archive', car, 'd.7z', 'new', 'new.7z'],
  ])('--name names %s', async (_what, command, dropped, name, expected) => {
    for (const each of ['a.txt', 'b/c.txt', 'd.7z']) await file(each, each);
    const end = await run([...command, '--name', name, path.join(directory, dropped)]);
    expect(named(end, 'done').map((each) => each['name'])).toEqual([expected]);
  });

  test('--region, --part-size and --concurrency are heeded', async () => {
    gates.close('UploadPart');
    const started = start([...ms, '--region', 'ap-shanghai', '--part-size', '1048576', '--concurrency', '3', await file('app.apk', randomBytes(10_000_000))]);
    await gates.reached('UploadPart', 3);
    gates.open('UploadPart');
    const end = await started.ended;
    expect(named(end, 'done')).toMatchObject([{ region: 'ap-shanghai', etag: expect.stringMatching(/-10$/) as string }]);
  });

  test('for people it prints a line for each object, in their language', async () => {
    const source = await file('应用.apk', 'x');
    const english = await run(['upload', '--service', 'ms', source]);
    expect(english.stdout).toMatch(/^应用\.apk → ms-sandbox-1250000000\/.*应用\.apk \(1 B, CRC64 \d+\)\n$/);
    const missing = await run(['upload', '--service', 'ms', path.join(directory, 'gone')], { LANG: 'zh_CN.UTF-8' });
    expect(missing).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('source-missing') as string });
    expect(missing.stderr).toMatch(/[\u4e00-\u9fff]/);
  });
});

describe('The exit status', () => {
  test('is 1 where an upload failed, though others arrived', async () => {
    const end = await run([...ms, path.join(directory, 'gone.apk'), await file('a.txt', 'a')]);
    expect(end.status).toBe(1);
    expect(named(end, 'done')).toHaveLength(1);
    expect(named(end, 'failed')).toMatchObject([{ name: 'gone.apk', code: 'source-missing', message: expect.stringMatching(/gone\.apk/) as string, requestId: null }]);
  });

  test('is 1 for a folder that holds nothing', async () => {
    await mkdir(path.join(directory, 'empty'));
    const end = await run([...ms, path.join(directory, 'empty')]);
    expect(end.status).toBe(1);
    expect(named(end, 'failed')).toMatchObject([{ name: 'empty', code: 'source-empty-folder' }]);
  });

  test('a service\'s refusal comes with its code and RequestId', async () => {
    const end = await run(['upload', '--service', 'car', '--application-id', 'app-unknown', '--json', await file('a.zip', 'a')]);
    expect(end.status).toBe(1);
    expect(named(end, 'failed')).toMatchObject([{ code: 'application-unknown', serviceCode: 'FailedOperation.ApplicationNotFind', requestId: expect.stringMatching(/.+/) as string }]);
  });

  test.each([
    [[]], [['fly']], [['upload', 'a']], [['upload', '--service', 'cdn', 'a']], [['upload', '--service', 'car', 'a']], [['upload', '--service', 'ms']],
    [['upload', '--service', 'ms', '--site', 'mars', 'a']], [['upload', '--service', 'ms', '--concurrency', '0', 'a']], [['upload', '--service', 'ms', '--part-size', '1000', 'a']],
    [['upload', '--service', 'ms', '--name', 'x', 'a', 'b']], [['upload', '--service', 'ms', '--name', '../x', 'a']], [['upload', '--service', 'ms', '--region', 'Nowhere', 'a']],
    [['upload', '--service', 'car', '--application-id', 'a b', 'a']], [['upload', '--service', 'ms', '--fast', 'a']], [['list', 'x']], [['resume', '--service', 'ms']],
    [['upload', '--service', 'ms', '--part-size', '536870913', 'a']], [['upload', '--service', 'ms', '--part-size', '5368709120', 'a']], [['upload', '--service', 'ms', '--concurrency', '65', 'a']],
  ])('is 2 for %j, with nothing sent', async (args) => {
    const end = await startCli(cli, args, environment).ended;
    expect(end).toMatchObject({ status: 2, stdout: '' });
    expect(end.stderr).not.toBe('');
    expect(sandbox.requests()).toEqual([]);
  });

  test.each([
    ['without keys', { TENCENTCLOUD_SECRET_KEY: '' }, 'key-missing'],
    ['with a wrong key', { TENCENTCLOUD_SECRET_KEY: 'not-the-right-one' }, 'secret-key-wrong'],
    ['with an unknown id', { TENCENTCLOUD_SECRET_ID: 'AKIDunknown' }, 'secret-id-unknown'],
  ])('is 3 %s, and nothing is left to be resumed', async (_what, change, code) => {
    const end = await run([...ms, await file('a.txt', 'a')], change);
    expect(end.status).toBe(3);
    expect(named(end, 'failed')).toMatchObject([{ code }]);
    expect((await run(['list', '--json'])).stdout).toBe('');
  });

  test('is 3 for an account that the app does not have', async () => {
    const end = await run([...ms, '--account', 'Nobody', await file('a.txt', 'a')], { COS_FERRY_USER_DATA: path.join(directory, 'app') });
    expect(end.status).toBe(3);
  });
});

describe('Interrupted', () => {
  test.each([['SIGINT', 130], ['SIGTERM', 143], ['SIGKILL', null]] as const)('by %s, resume finishes it and sends no more than is missing', async (signal, status) => {
    const bytes = randomBytes(12 * 1024 * 1024);
    gates.delaysMs.set('UploadPart', 20);
    const source = await file('app.apk', bytes);
    const started = start([...ms, '--part-size', '1048576', '--concurrency', '2', source]);
    await gates.reached('UploadPart', 6);
    started.process.kill(signal);
    const end = await started.ended;
    expect(end.status).toBe(status);
    if (status !== null) expect(named(end, 'interrupted')).toMatchObject([{ unfinished: 1 }]);

    const listed = await run(['list', '--json']);
    expect(listed.events).toMatchObject([{ event: 'unfinished', name: 'app.apk', state: 'running', paths: [source], service: 'ms' }]);
    const resumed = await run(['resume', '--json', '--concurrency', '2']);
    expect(resumed.status).toBe(0);
    const [done] = named(resumed, 'done');
    expect(done!['sentBytes']).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect((await readFile(sandbox.objectPath(String(done!['bucket']), String(done!['key'])))).equals(bytes)).toBe(true);
    expect((await run(['resume', '--json'])).events).toEqual([]);
  });

  test('no secret is in the state folder, in the output or in the arguments', async () => {
    gates.close('CompleteMultipartUpload');
    const started = start([...ms, await file('app.apk', randomBytes(9_000_000))]);
    await gates.reached('CompleteMultipartUpload');
    const secrets = [sandbox.accounts[0]!.secretKey, ...sandbox.issuedSecrets()];
    expect(secrets.length).toBeGreaterThan(2);
    const files = (await readdir(state(), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files.some((entry) => entry.name.endsWith('.json'))).toBe(true);
    for (const entry of files) {
      const text = await readFile(path.join(entry.parentPath, entry.name), 'utf8');
      for (const secret of secrets) expect(text).not.toContain(secret);
      expect(text).not.toMatch(/token|tmpSecret/i);
    }
    gates.open('CompleteMultipartUpload');
    const end = await started.ended;
    for (const secret of secrets) {
      expect(end.stdout + end.stderr).not.toContain(secret);
      expect(started.process.spawnargs.join(' ')).not.toContain(secret);
    }
  });
});

describe('Unfinished uploads', () => {
  async function interrupted(name: string): Promise<void> {
    gates.close('CompleteMultipartUpload');
    const before = gates.count('CompleteMultipartUpload');
    const started = start([...ms, await file(name, randomBytes(9_000_000))]);
    await gates.reached('CompleteMultipartUpload', before + 1);
    started.process.kill('SIGKILL');
    await started.ended;
    gates.answers.set('CompleteMultipartUpload', ({ res }) => res.destroyed);
    gates.open('CompleteMultipartUpload');
    await eventually(async () => (await sandbox.listMultipartUploads()).length > 0);
  }

  test('abort discards their parts', async () => {
    await interrupted('a.apk');
    const end = await run(['abort', '--json']);
    expect(end.status).toBe(0);
    expect(named(end, 'aborted')).toMatchObject([{ name: 'a.apk' }]);
    expect(await sandbox.listMultipartUploads()).toEqual([]);
    expect((await run(['list', '--json'])).events).toEqual([]);
    expect(await sandbox.listObjects()).toEqual([]);
  });

  test('one of them can be chosen by the beginning of its ID', async () => {
    await interrupted('a.apk');
    await interrupted('b.apk');
    const { events } = await run(['list', '--json']);
    const id = String(events.find((event) => event['name'] === 'b.apk')!['id']);
    const resumed = await run(['resume', '--json', id.slice(0, 8)]);
    expect(named(resumed, 'done').map(({ name }) => name)).toEqual(['b.apk']);
    expect((await run(['list', '--json'])).events.map(({ name }) => name)).toEqual(['a.apk']);
    expect((await run(['resume', 'ffffffff-none'])).status).toBe(2);
  });

  test('resuming them with keys that are not good loses none', async () => {
    gates.close('PutObject');
    const started = start([...ms, await file('a.txt', 'a'), await file('b.txt', 'b')]);
    await gates.reached('PutObject');
    started.process.kill('SIGKILL');
    await started.ended;
    gates.open('PutObject');
    const end = await run(['resume', '--json'], { TENCENTCLOUD_SECRET_KEY: 'not-the-right-one' });
    expect(end.status).toBe(3);
    expect(named(end, 'failed')).toMatchObject([{ code: 'secret-key-wrong' }, { code: 'secret-key-wrong' }]);
    const resumed = await run(['resume', '--json']);
    expect(resumed.status).toBe(0);
    expect(named(resumed, 'done').map(({ name }) => name).sort()).toEqual(['a.txt', 'b.txt']);
  });

  test('what another process works on is left to it', async () => {
    gates.close('CompleteMultipartUpload');
    const started = start([...ms, await file('a.apk', randomBytes(9_000_000))]);
    await gates.reached('CompleteMultipartUpload');
    expect((await run(['list', '--json'])).events).toMatchObject([{ state: 'in-progress' }]);
    const other = await run(['resume', '--json']);
    expect(other).toMatchObject({ status: 0, events: [] });
    expect((await run(['abort', '--json'])).events).toEqual([]);
    gates.open('CompleteMultipartUpload');
    expect((await started.ended).status).toBe(0);
    expect(gates.count('UploadPart')).toBe(9);
  });

  test('a failed one is listed with its reason, and resumed', async () => {
    gates.answers.set('CompleteMultipartUpload', ({ req, res }) => {
      req.resume();
      res.writeHead(403, { 'Content-Type': 'application/xml' }).end('<Error><Code>AccessDenied</Code><Message>Access Denied.</Message><RequestId>R1</RequestId></Error>');
      return true;
    });
    const end = await run([...ms, await file('a.apk', randomBytes(9_000_000))]);
    expect(end.status).toBe(1);
    expect((await run(['list', '--json'])).events).toMatchObject([{ state: 'failed', code: 'store-access-denied' }]);
    gates.answers.delete('CompleteMultipartUpload');
    const resumed = await run(['resume', '--json']);
    expect(resumed.status).toBe(0);
    expect(named(resumed, 'done')).toMatchObject([{ sentBytes: 0 }]);
  });
});

test('a folder that could not be read is read again by resume', async () => {
  await mkdir(path.join(directory, 'share'));
  expect((await run([...ms, path.join(directory, 'share')])).status).toBe(1);
  await file('share/a.txt', 'a');
  const resumed = await run(['resume', '--json']);
  expect(resumed.status).toBe(0);
  expect(named(resumed, 'done').map(({ name }) => name)).toEqual(['share/a.txt']);
  expect((await run(['list', '--json'])).events).toEqual([]);
});

test('without a network it waits, says so, and goes on by itself', async () => {
  const port = Number(new URL(sandbox.url).port);
  const accounts = sandbox.accounts;
  await sandbox.close();
  const started = start([...ms, await file('a.txt', 'a')]);
  expect(await started.event(({ event }) => event === 'waiting')).not.toBeNull();
  sandbox = await startSandbox({ directory: path.join(directory, 'sandbox'), port, accounts, faults: gates.faults });
  const end = await started.ended;
  expect(end.status).toBe(0);
  expect(named(end, 'done')).toHaveLength(1);
});
