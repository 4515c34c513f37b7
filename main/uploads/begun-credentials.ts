import { setTimeout as sleep } from 'node:timers/promises';
import type { CredentialVault } from '../credentials/credential-vault.ts';
import type { TemporaryCredential } from '../credentials/temporary-credential.ts';

// A keychain that works answers in a fraction of it.
const keepPatienceMs = 2_000;

/**
 * The credentials that multipart uploads were begun under: only they can go on with one, or abort
 * it, where the next has another scope. In memory, and in the keychain where there is one. What is
 * asked of the keychain for one upload is done in that order, however slow it is.
 */
export class BegunCredentials {
  readonly #vault: CredentialVault | null;
  readonly #inMemory = new Map<string, TemporaryCredential>();
  readonly #maybeInVault = new Set<string>();
  readonly #doing = new Map<string, Promise<unknown>>();
  #slow = false;

  constructor(vault: CredentialVault | null) {
    this.#vault = vault;
  }

  /** A multipart upload is about to begin. */
  prepare(): void {
    this.#vault?.prepare();
  }

  /** Settles when the keychain has it, or, where that takes long, before. Never rejects. */
  async keep(uploadId: string, credential: TemporaryCredential): Promise<void> {
    this.#inMemory.set(uploadId, credential);
    const vault = this.#vault;
    if (!vault) return;
    this.#maybeInVault.add(uploadId);
    const kept = this.#inOrder(uploadId, () => vault.keep(uploadId, credential));
    // Without it no more is lost than what was sent, so nobody waits for such a keychain twice.
    if (this.#slow) return;
    this.#slow = await Promise.race([kept.then(() => false), sleep(keepPatienceMs, true, { ref: false })]);
  }

  /** An earlier process may have kept one, so that forgetting has to ask the keychain. */
  expect(id: string): void {
    if (this.#vault) this.#maybeInVault.add(id);
  }

  /** null where it is not known. */
  async recall(uploadId: string): Promise<TemporaryCredential | null> {
    const known = this.#inMemory.get(uploadId);
    const vault = this.#vault;
    if (known || !vault) return known ?? null;
    // Also where nothing comes back: a locked keychain hides what it has.
    this.#maybeInVault.add(uploadId);
    return this.#inOrder(uploadId, () => vault.recall(uploadId));
  }

  /** Once `after` has settled well; rejects with its error. */
  async forget(uploadId: string, after: Promise<void>): Promise<void> {
    this.#inMemory.delete(uploadId);
    // Asking the keychain for nothing could still prompt.
    const inVault = this.#maybeInVault.delete(uploadId);
    if (!inVault && !this.#doing.has(uploadId)) return after;
    // It may fail before its turn comes.
    after.catch(() => undefined);
    await this.#inOrder(uploadId, async () => {
      await after;
      if (inVault) await this.#vault?.forget(uploadId);
    });
  }

  /** Settles when all that was asked so far is done. */
  async settled(): Promise<void> {
    await Promise.all(this.#doing.values());
  }

  #inOrder<T>(uploadId: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#doing.get(uploadId) ?? Promise.resolve()).then(work);
    const done = result.catch(() => undefined).then(() => {
      if (this.#doing.get(uploadId) === done) this.#doing.delete(uploadId);
    });
    this.#doing.set(uploadId, done);
    return result;
  }
}
