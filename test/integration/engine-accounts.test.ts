import { readFile, rm } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AccountDraft } from '../../preload/contract.ts';
import type { ProblemCode } from '../../preload/problem-codes.ts';
import { startSandbox } from '../../main/sandbox/sandbox.ts';
import { sandboxDraft, startEngine, type Engine } from '../support/engine.ts';

let directory: string;
let engine: Engine;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-accounts-'));
  engine = await startEngine({ directory });
});

afterEach(async () => {
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});

async function expectRefused(change: Partial<AccountDraft>, code: ProblemCode): Promise<void> {
  await expect(engine.ferry.addAccount(sandboxDraft(engine.sandbox, change))).rejects.toMatchObject({ problem: { code } });
  expect(engine.ferry.appState().accounts).toHaveLength(1);
  expect(engine.keychain.keys.size).toBe(0);
}

test('the sandbox is there from the start and is chosen', () => {
  const state = engine.ferry.appState();
  expect(state.accounts).toMatchObject([{ id: 'sandbox', label: 'Sandbox (this computer)', keyStorage: 'sandbox' }]);
  expect(state).toMatchObject({ accountId: 'sandbox', destination: { service: 'car', applicationId: 'app-sandbox' } });
});

test('an added account is checked, kept in the keychain, remembered and chosen', async () => {
  const account = await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  const { secretKey } = engine.sandbox.accounts[0]!;
  expect(account.keyStorage).toBe('keychain');
  expect(engine.ferry.appState().accountId).toBe(account.id);
  expect([...engine.keychain.keys]).toEqual([[account.id, secretKey]]);
  const settings = await readFile(path.join(directory, 'settings.json'), 'utf8');
  expect(settings).toContain('Studio');
  expect(settings).not.toContain(secretKey);
  expect(JSON.stringify(engine.ferry.appState())).not.toContain(secretKey);
});

test.each<[string, Partial<AccountDraft>, ProblemCode]>([
  ['an empty label', { label: '  ' }, 'label-empty'],
  ['an empty SecretId', { secretId: '' }, 'secret-id-empty'],
  ['an empty SecretKey', { secretKey: ' ' }, 'secret-key-empty'],
  ['the sandbox\'s label', { label: 'Sandbox (this computer)' }, 'label-taken'],
  ['an unknown SecretId', { secretId: 'AKIDnobody' }, 'secret-id-unknown'],
  ['a wrong SecretKey', { secretKey: 'wrong' }, 'secret-key-wrong'],
  ['an endpoint that is no URL', { apiEndpoint: 'not a url' }, 'endpoint-invalid'],
  ['an endpoint with a path', { apiEndpoint: 'https://api.example.com/path' }, 'endpoint-invalid'],
  ['a COS domain with a path', { cosDomain: 'cos.example.com/path' }, 'cos-domain-invalid'],
  ['an endpoint where nobody answers', { apiEndpoint: 'http://127.0.0.1:9' }, 'network-unreachable'],
])('%s is refused at once and nothing is kept', async (_what, change, code) => {
  await expectRefused(change, code);
});

test('an international account is checked with the service it has', async () => {
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox, { site: 'international' }));
  expect(engine.sandbox.requests().map((request) => request.operation)).toEqual(['DescribeCosCredential']);
  await engine.ferry.removeAccount(engine.ferry.appState().accountId);
  await expectRefused({ site: 'international', secretKey: 'wrong' }, 'secret-key-wrong');
});

test('a second account of the same label is refused, the same key again is not', async () => {
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  await expect(engine.ferry.addAccount(sandboxDraft(engine.sandbox, { secretId: 'AKIDother' }))).rejects.toMatchObject({ problem: { code: 'label-taken' } });
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  expect(engine.ferry.appState().accounts).toHaveLength(2);
});

test('an account is sent elsewhere only by who has its key, even where that place finds any key good', async () => {
  const evil = await startEngine();
  // A place of somebody else's, which knows this SecretId with a key of its own.
  const theirs = { secretId: engine.sandbox.accounts[0]!.secretId, secretKey: 'a-key-that-only-they-know' };
  const place = await startSandbox({ directory: path.join(evil.directory, 'place'), accounts: [theirs] });
  try {
    const account = await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
    const redirect = { apiEndpoint: place.url, cosDomain: place.url };
    await expect(engine.ferry.addAccount(sandboxDraft(engine.sandbox, { ...redirect, secretKey: theirs.secretKey }))).rejects.toMatchObject({ problem: { code: 'secret-key-wrong' } });
    expect(place.requests()).toEqual([]);
    expect(engine.ferry.appState().accounts[1]).toMatchObject({ id: account.id, apiEndpoint: engine.sandbox.url, cosDomain: engine.sandbox.url });
    expect([...engine.keychain.keys.values()]).toEqual([engine.sandbox.accounts[0]!.secretKey]);
    // Its owner moves it: the key goes along, having been given with the new place.
    await expect(engine.ferry.addAccount(sandboxDraft(engine.sandbox, { cosDomain: place.url }))).resolves.toMatchObject({ id: account.id, cosDomain: place.url });
  } finally {
    await place.close();
    await evil.close();
  }
});

test('a locked keychain is said, and the key can be kept for this session only', async () => {
  engine.keychain.locked = true;
  await expectRefused({}, 'keychain-locked');
  const account = await engine.ferry.addAccount(sandboxDraft(engine.sandbox, { sessionOnly: true }));
  expect(account.keyStorage).toBe('session');
  await engine.ferry.setDestination({ service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
  await expect(engine.ferry.refreshCredential()).resolves.toMatchObject({ service: 'ms' });
});

test('a key kept for the session is missing after a restart, and can be given again', async () => {
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox, { sessionOnly: true }));
  await engine.close();
  engine = await startEngine({ directory });
  expect(engine.ferry.appState().accounts[1]).toMatchObject({ label: 'Studio', keyStorage: 'missing' });
  await engine.ferry.setDestination({ service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
  await expect(engine.ferry.refreshCredential()).rejects.toMatchObject({ problem: { code: 'key-missing', params: { label: 'Studio' } } });
});

test('a removed account takes its key with it', async () => {
  const account = await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  await engine.ferry.removeAccount(account.id);
  expect(engine.keychain.keys.size).toBe(0);
  expect(engine.ferry.appState()).toMatchObject({ accountId: 'sandbox', accounts: [{ id: 'sandbox' }] });
});

test('destinations are remembered for each account', async () => {
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  await engine.ferry.setDestination({ service: 'ms', applicationId: 'app-mine', cosRegion: 'ap-nanjing', durationSeconds: 7200 });
  const { accountId } = engine.ferry.appState();
  await engine.ferry.selectAccount('sandbox');
  expect(engine.ferry.appState().destination.applicationId).toBe('app-sandbox');
  await engine.ferry.selectAccount(accountId);
  expect(engine.ferry.appState().destination).toEqual({ service: 'ms', applicationId: 'app-mine', cosRegion: 'ap-nanjing', durationSeconds: 7200 });
});

test.each([
  [{ applicationId: 'app/evil' }, 'application-id-malformed'],
  [{ cosRegion: 'x.evil.com#' }, 'region-malformed'],
  [{ durationSeconds: 5 }, 'duration-out-of-range'],
])('a destination with %o is refused', async (change, code) => {
  const destination = engine.ferry.appState().destination;
  await expect(engine.ferry.setDestination({ ...destination, ...change })).rejects.toMatchObject({ problem: { code } });
  expect(engine.ferry.appState().destination).toEqual(destination);
});

test('the environment\'s endpoint serves accounts that set none of their own', async () => {
  const other = await startEngine();
  try {
    const withEnvironment = await startEngine({ apiEndpoint: other.sandbox.url, cosDomain: other.sandbox.url });
    try {
      await withEnvironment.ferry.addAccount(sandboxDraft(other.sandbox, { apiEndpoint: null, cosDomain: null }));
      expect(other.sandbox.requests()).toHaveLength(1);
    } finally {
      await withEnvironment.close();
    }
  } finally {
    await other.close();
  }
});
