import type { CredentialVault } from '../credentials/credential-vault.ts';
import type { TemporaryCredential } from '../credentials/temporary-credential.ts';

/**
 * The credentials that multipart uploads were begun under: only they can go on with one, or abort
 * it, where the next has another scope. In memory, and in the keychain where there is one.
 */
export class BegunCredentials {
  readonly #vault: CredentialVault | null;
  readonly #inMemory = new Map<string, TemporaryCredential>();
  readonly #inVault = new Set<string>();

  constructor(vault: CredentialVault | null) {
    this.#vault = vault;
  }

  keep(uploadId: string, credential: TemporaryCredential): void {
    this.#inMemory.set(uploadId, credential);
    if (!this.#vault) return;
    this.#inVault.add(uploadId);
    // Not waited for: a keychain may take its time, and without it no more is lost than what was sent.
    void this.#vault.keep(uploadId, credential);
  }

  /** An earlier process may have kept one, so that forgetting has to ask the keychain. */
  expect(id: string): void {
    if (this.#vault) this.#inVault.add(id);
  }

  /** null where it is not known. */
  async recall(uploadId: string): Promise<TemporaryCredential | null> {
    const known = this.#inMemory.get(uploadId);
    if (known || !this.#vault) return known ?? null;
    const credential = await this.#vault.recall(uploadId);
    if (credential) this.#inVault.add(uploadId);
    return credential;
  }

  async forget(uploadId: string): Promise<void> {
    this.#inMemory.delete(uploadId);
    // Asking the keychain for nothing could still prompt.
    if (this.#inVault.delete(uploadId)) await this.#vault?.forget(uploadId);
  }
}
