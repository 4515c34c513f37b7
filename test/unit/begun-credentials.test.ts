import { beforeEach, expect, test } from 'vitest';
import { FerryError } from '../../main/ferry-error.ts';
import { CredentialVault } from '../../main/credentials/credential-vault.ts';
import type { Keychain } from '../../main/credentials/keychain.ts';
import type { TemporaryCredential } from '../../main/credentials/temporary-credential.ts';
import { BegunCredentials } from '../../main/uploads/begun-credentials.ts';
import { eventually } from '../support/eventually.ts';

/** A keychain that answers when the test says so. */
class SlowKeychain implements Keychain {
  readonly kept = new Map<string, string>();
  locked = false;
  readonly #waiting: (() => void)[] = [];

  get waiting(): number {
    return this.#waiting.length;
  }

  async answer(): Promise<void> {
    await eventually(() => this.#waiting.length > 0);
    this.#waiting.shift()!();
  }

  async get(account: string): Promise<string | null> {
    await this.#turn();
    return this.kept.get(account) ?? null;
  }

  async set(account: string, secretKey: string): Promise<void> {
    await this.#turn();
    this.kept.set(account, secretKey);
  }

  async delete(account: string): Promise<void> {
    await this.#turn();
    this.kept.delete(account);
  }

  async #turn(): Promise<void> {
    await new Promise<void>((resolve) => { this.#waiting.push(resolve); });
    if (this.locked) throw new FerryError({ code: 'keychain-locked' });
  }
}

const credential = (token: string): TemporaryCredential => ({
  service: 'ms', bucket: 'b-1', region: 'ap-guangzhou', scope: { kind: 'prefix', value: 'p/1' },
  tmpSecretId: 'tmp-id', tmpSecretKey: 'tmp-key', token, startsAtMs: 0, expiresAtMs: 3_600_000, requestId: 'r',
});
const gone = Promise.resolve();

let keychain: SlowKeychain;
let begun: BegunCredentials;
const restarted = (): BegunCredentials => new BegunCredentials(new CredentialVault(keychain, () => undefined));

beforeEach(() => {
  keychain = new SlowKeychain();
  begun = restarted();
});

test('what is forgotten while the keychain is still keeping it does not stay there', async () => {
  void begun.keep('a', credential('1'));
  await eventually(() => keychain.waiting === 1);
  const forgotten = begun.forget('a', gone);
  await new Promise((resolve) => { setTimeout(resolve, 20); });
  expect(keychain.waiting).toBe(1);
  await keychain.answer();
  await keychain.answer();
  await forgotten;
  expect(keychain.kept.size).toBe(0);
});

test('one that is kept after another was forgotten stays, whatever the keychain does first', async () => {
  void begun.keep('a', credential('1'));
  void begun.forget('a', gone);
  void begun.keep('a', credential('2'));
  for (let answers = 0; answers < 3; answers++) await keychain.answer();
  await begun.settled();
  expect((await begun.recall('a'))?.token).toBe('2');
  expect(keychain.kept.get('upload:a')).toContain('"token":"2"');
});

test('uploads do not wait for each other', async () => {
  void begun.keep('a', credential('1'));
  void begun.keep('b', credential('2'));
  await eventually(() => keychain.waiting === 2);
  await keychain.answer();
  await keychain.answer();
  await begun.settled();
});

test('an entry that a locked keychain did not show is deleted once the upload is at its end', async () => {
  keychain.kept.set('upload:a', JSON.stringify(credential('1')));
  keychain.locked = true;
  const recalled = begun.recall('a');
  await keychain.answer();
  expect(await recalled).toBeNull();
  keychain.locked = false;
  const forgotten = begun.forget('a', gone);
  await keychain.answer();
  await forgotten;
  expect(keychain.kept.size).toBe(0);
});

test('it outlives a restart, and stays where the upload could not be taken out of the journal', async () => {
  const keeping = begun.keep('a', credential('1'));
  await keychain.answer();
  await keeping;
  await expect(begun.forget('a', Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
  const recalled = restarted().recall('a');
  await keychain.answer();
  expect(await recalled).toEqual(credential('1'));
});

test('a keychain that does not answer holds up the first upload for a moment, and no other', async () => {
  await begun.keep('a', credential('1'));
  const second = await Promise.race([begun.keep('b', credential('2')).then(() => 'at once'), new Promise((resolve) => { setTimeout(resolve, 1_000, 'late'); })]);
  expect(second).toBe('at once');
  expect((await begun.recall('a'))?.token).toBe('1');
});

test('what was never kept is not asked of the keychain', async () => {
  await begun.forget('a', gone);
  expect(keychain.waiting).toBe(0);
});
