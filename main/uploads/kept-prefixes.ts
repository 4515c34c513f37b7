import { abandonable } from '../abandonable.ts';
import { isEnding } from '../credentials/broker.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import type { TemporaryCredential } from '../credentials/temporary-credential.ts';
import type { BegunCredentials } from './begun-credentials.ts';
import type { DropJournal } from './drop-journal.ts';
import type { Upload } from './upload.ts';
import type { UploadList } from './upload-list.ts';

// A folder that takes no longer than this asks nothing of the keychain, which may ask for a password.
const keepAfterMs = 1_000;

export interface KeptPrefixesOptions {
  readonly list: UploadList;
  readonly credentials: CredentialDesk;
  readonly begun: BegunCredentials;
  readonly drops: DropJournal;
  /** The cloud's time. */
  readonly now: () => number;
  readonly onProblem: (error: unknown) => void;
}

/**
 * Remembers under which prefixes a source went, and for a folder of ms the credential of the latest,
 * so that after a restart its other files go there too while that credential lives.
 */
export class KeptPrefixes {
  readonly #options: KeptPrefixesOptions;
  /** null where that is over. */
  readonly #recalled = new Map<string, Promise<void> | null>();
  readonly #kept = new Map<string, TemporaryCredential>();
  /** Sources whose credential will be in the keychain in a moment. */
  readonly #soon = new Map<string, NodeJS.Timeout>();

  constructor(options: KeptPrefixesOptions) {
    this.#options = options;
  }

  /** Settles when the upload's source is with the credential that it had before a restart, where that lives. */
  async recall(upload: Upload, signal: AbortSignal): Promise<void> {
    const { sourceId } = upload;
    const known = this.#recalled.get(sourceId);
    if (known === null) return;
    const recalling = known ?? this.#recall(upload);
    this.#recalled.set(sourceId, recalling);
    await abandonable(recalling, signal);
    this.#recalled.set(sourceId, null);
  }

  /** The upload goes under this credential. */
  keep({ sourceId }: Upload, credential: TemporaryCredential): void {
    const { list, drops, onProblem } = this.#options;
    const source = list.source(sourceId);
    const { kind, value } = credential.scope;
    if (!source || kind !== 'prefix') return;
    if (!source.prefixes.includes(value)) list.setSource({ ...source, prefixes: [...source.prefixes, value] });
    // A single file begins anew under any prefix, and what it has begun is kept with it.
    if (source.kind !== 'folder' || this.#kept.get(sourceId) === credential || !drops.of(sourceId)) return;
    const isFirst = !this.#kept.has(sourceId);
    this.#kept.set(sourceId, credential);
    if (isFirst) this.#soon.set(sourceId, setTimeout(() => { this.#keepNow(sourceId); }, keepAfterMs).unref());
    else if (!this.#soon.has(sourceId)) this.#keepNow(sourceId);
    drops.addPrefix(sourceId, value).catch(onProblem);
  }

  /** What would be in the keychain in a moment goes there now: the process is about to end. */
  close(): void {
    for (const id of [...this.#soon.keys()]) this.#keepNow(id);
  }

  /** Nothing is left to do of these sources. */
  forget(sourceIds: readonly string[]): void {
    for (const id of sourceIds) {
      this.#takeSoon(id);
      this.#kept.delete(id);
      this.#options.begun.forget(id, Promise.resolve()).catch(this.#options.onProblem);
    }
  }

  #keepNow(sourceId: string): void {
    this.#takeSoon(sourceId);
    const credential = this.#kept.get(sourceId);
    if (credential) void this.#options.begun.keep(sourceId, credential);
  }

  #takeSoon(sourceId: string): void {
    clearTimeout(this.#soon.get(sourceId));
    this.#soon.delete(sourceId);
  }

  async #recall({ sourceId, plan }: Upload): Promise<void> {
    const { credentials, begun, drops, now } = this.#options;
    const prefixes = drops.of(sourceId)?.prefixes.get(sourceId) ?? [];
    if (plan.destination.service !== 'ms' || prefixes.length === 0) return;
    const credential = await begun.recall(sourceId);
    if (!credential || isEnding(credential, now()) || !prefixes.includes(credential.scope.value)) return;
    this.#kept.set(sourceId, credential);
    credentials.adopt(plan.destination, credential, { sourceId, ...plan.origin });
  }
}
