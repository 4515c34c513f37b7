import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { updateStatement, type UpdateDescription } from '../../main/app/update-signature.ts';
import { Updates, type UpdateSource } from '../../main/app/updates.ts';

const keys = generateKeyPairSync('ed25519');
const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const signed = <T extends UpdateDescription>(description: T, key = keys.privateKey) =>
  ({ ...description, signature: sign(null, updateStatement(description), key).toString('base64') });

const newer = { version: '2.0.0', files: [{ url: 'cos-ferry.AppImage', sha512: 'abc', size: 5 }] };

function desk(found: () => UpdateDescription | null, { choice = 'later', download = () => Promise.resolve() }: { choice?: 'now' | 'when-quitting' | 'later'; download?: () => Promise<void> } = {}) {
  const happened: string[] = [];
  const looks: (() => void)[] = [];
  const source: UpdateSource = {
    check: () => {
      happened.push('check');
      return new Promise((resolve) => { resolve(found()); });
    },
    download: () => {
      happened.push('download');
      return download();
    },
    restart: () => happened.push('restart'),
  };
  const updates = new Updates({
    source, publicKey,
    announce: (version) => happened.push(`announce ${version}`),
    ask: (version) => {
      happened.push(`ask ${version}`);
      return Promise.resolve(choice);
    },
    tell: (answer) => happened.push(`tell ${answer}`),
    quit: () => happened.push('quit'),
    changed: () => undefined,
    log: { info: () => undefined, warn: () => undefined },
    wait: (later) => looks.push(later),
  });
  const lookAgain = async (): Promise<void> => {
    looks.shift()?.();
    await settled();
  };
  return { updates, happened, lookAgain };
}

const settled = (): Promise<void> => new Promise((done) => { setImmediate(done); });

test('a newer version is announced once, and neither fetched nor asked about by itself', async () => {
  const { updates, happened, lookAgain } = desk(() => signed(newer));
  updates.start();
  expect(happened).toEqual([]);
  await lookAgain();
  await lookAgain();
  expect(happened).toEqual(['check', 'announce 2.0.0', 'check']);
  expect(updates.state).toEqual({ kind: 'available', version: '2.0.0' });
});

test('looking by itself says nothing when there is nothing, or nobody answers', async () => {
  for (const found of [() => null, () => { throw new Error('refused'); }]) {
    const { updates, happened, lookAgain } = desk(found);
    updates.start();
    await lookAgain();
    expect(happened).toEqual(['check']);
    expect(updates.state).toEqual({ kind: 'idle' });
  }
});

test('who asks is told that there is nothing newer, or that nobody answers', async () => {
  const nothing = desk(() => null);
  await nothing.updates.choose();
  expect(nothing.happened).toEqual(['check', 'tell newest']);
  const nobody = desk(() => { throw new Error('refused'); });
  await nobody.updates.choose();
  expect(nobody.happened).toEqual(['check', 'tell failed']);
});

const { privateKey: otherKey } = generateKeyPairSync('ed25519');
test.each<[string, UpdateDescription]>([
  ['has no signature', newer],
  ['is signed with another key', signed(newer, otherKey)],
  ['has another version than was signed', { ...signed(newer), version: '3.0.0' }],
  ['has another file than was signed', { ...signed(newer), files: [{ url: 'cos-ferry.AppImage', sha512: 'abd', size: 5 }] } as UpdateDescription],
  ['says more than was signed', { ...signed(newer), packages: { x64: { path: 'evil.7z', sha512: 'abc' } } } as UpdateDescription],
  ['has a signature that is none', { ...newer, signature: 7 }],
])('what %s is refused and never fetched', async (_, description) => {
  const { updates, happened } = desk(() => description, { choice: 'now' });
  await updates.choose();
  expect(happened).toEqual(['check', 'tell untrusted']);
  expect(updates.state).toEqual({ kind: 'idle' });
});

test('the order of what the feed says does not matter', async () => {
  const { signature, version, files } = signed(newer);
  const { updates } = desk(() => ({ files, signature, version }) as UpdateDescription);
  await updates.choose();
  expect(updates.state.kind).toBe('available');
});

test('"now" fetches, quits, and restarts in place of exiting', async () => {
  const { updates, happened } = desk(() => signed(newer), { choice: 'now' });
  await updates.choose();
  expect(happened).toEqual(['check', 'announce 2.0.0', 'ask 2.0.0', 'download', 'quit']);
  expect(updates.restartIfWanted()).toBe(true);
  expect(happened.at(-1)).toBe('restart');
});

test('who then stays for the sake of uploads is not restarted when they quit later', async () => {
  const { updates, happened } = desk(() => signed(newer), { choice: 'now' });
  await updates.choose();
  updates.stay();
  expect(updates.restartIfWanted()).toBe(false);
  expect(happened).not.toContain('restart');
});

test('"when I quit" fetches and leaves the rest to quitting', async () => {
  const { updates, happened } = desk(() => signed(newer), { choice: 'when-quitting' });
  await updates.choose();
  expect(happened).toEqual(['check', 'announce 2.0.0', 'ask 2.0.0', 'download']);
  expect(updates.state).toEqual({ kind: 'ready', version: '2.0.0' });
  expect(updates.restartIfWanted()).toBe(false);
});

test('a download that fails is told, and can be tried again', async () => {
  const { updates, happened } = desk(() => signed(newer), { choice: 'now', download: () => Promise.reject(new Error('sha512 mismatch')) });
  await updates.choose();
  expect(happened.slice(-2)).toEqual(['download', 'tell failed']);
  expect(updates.state).toEqual({ kind: 'available', version: '2.0.0' });
});
