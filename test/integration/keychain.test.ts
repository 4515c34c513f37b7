import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SystemKeychain } from '../../main/credentials/keychain.ts';
import { noKeychain, skipWith } from '../setup/machine.ts';

skipWith(noKeychain);

const run = promisify(execFile);
const keychain = new SystemKeychain({ service: 'COS Ferry tests', answerWithinMs: 20_000 });
const root = fileURLToPath(new URL('../..', import.meta.url));

let directory: string;
let child: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-keychain-'));
  // Node 20 does not run TypeScript, and the bundle has to find node_modules.
  child = path.join(root, 'node_modules', '.cache', `keychain-child-${randomUUID()}`, 'child.mjs');
  await build({
    logLevel: 'error',
    configFile: false,
    build: {
      ssr: fileURLToPath(new URL('../support/keychain-child.ts', import.meta.url)),
      outDir: path.dirname(child),
      rollupOptions: { output: { entryFileNames: 'child.mjs' } },
    },
  });
});

afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await rm(path.dirname(child), { recursive: true, force: true });
});

async function ask(command: string, args: readonly string[], environment: Record<string, string> = {}): Promise<unknown> {
  const { stdout } = await run(command, args, { env: { ...process.env, ...environment }, timeout: 60_000 });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

test('a key is kept, read by another process, and gone once deleted', async () => {
  const account = randomUUID();
  await keychain.set(account, 'the key 密钥');
  expect(await keychain.get(account)).toBe('the key 密钥');
  expect(await ask(process.execPath, [child, 'get', account])).toEqual({ value: 'the key 密钥' });
  await keychain.delete(account);
  expect(await keychain.get(account)).toBeNull();
});

describe.runIf(process.platform === 'linux')('on Linux', () => {
  test('with no keychain to be had, that is said', async () => {
    const answer = await ask(process.execPath, [child, 'set', 'a', 'key'], { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' });
    expect(answer).toMatchObject({ problem: { code: 'keychain-unavailable' } });
  });

  test.each([['set'], ['get']])('a locked keychain is told from one without the key (%s)', async (question) => {
    const home = await mkdtemp(path.join(directory, 'home-'));
    const script = `
      printf only-for-tests | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
      "$NODE" "$CHILD" set a key >/dev/null
      dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
        org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null
      "$NODE" "$CHILD" ${question} a key`;
    const answer = await ask('dbus-run-session', ['--', 'sh', '-c', script], {
      NODE: process.execPath, CHILD: child, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home, DISPLAY: '', GNOME_KEYRING_CONTROL: '',
    });
    expect(answer).toMatchObject({ problem: { code: 'keychain-locked' } });
  });
});
