import { FerryError } from '../ferry-error.ts';
import { isEnding, type Broker } from './broker.ts';
import type { TemporaryCredential } from './temporary-credential.ts';

/** What was dropped, as the credentials' side sees it: which drop, under what name, from where. */
export interface Origin {
  readonly sourceId: string;
  readonly name: string;
  readonly path: string;
}

/** A source's credential: `credential` once it is there. */
interface Asked {
  readonly asking: Promise<TemporaryCredential>;
  credential: TemporaryCredential | null;
}

// As many of one name may be waiting at once before one of them is refused.
const mostPrefixes = 20;

/**
 * Which source writes under which credential's prefix. A source stays with its credential until that
 * ends; two sources of one name from different places never share a prefix, since the second would
 * overwrite the first.
 */
export class SharedPrefixes {
  readonly #now: () => number;
  readonly #bySource = new Map<string, Asked>();
  /** By prefix, the path of each name that goes there. */
  readonly #taken = new Map<string, Map<string, string>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What a source goes under already; null where that is still to be asked for. */
  held({ sourceId }: Origin): TemporaryCredential | null {
    const credential = this.#bySource.get(sourceId)?.credential;
    return credential && !isEnding(credential, this.#now()) ? credential : null;
  }

  async of(origin: Origin, broker: Broker): Promise<TemporaryCredential> {
    const before = this.#bySource.get(origin.sourceId);
    if (before) {
      const credential = await before.asking.catch(() => null);
      if (credential && !isEnding(credential, this.#now())) return credential;
      // Whoever finds it ended first asks for the next; the others wait for the same one.
      this.#forget(origin.sourceId, before);
      return this.of(origin, broker);
    }
    const asked: Asked = { asking: this.#choose(origin, broker), credential: null };
    this.#bySource.set(origin.sourceId, asked);
    asked.asking.then((credential) => { asked.credential = credential; }, () => { this.#forget(origin.sourceId, asked); });
    return asked.asking;
  }

  /** A source that was begun under this credential before a restart: it holds the name, and stays with it. */
  adopt(origin: Origin, credential: TemporaryCredential): void {
    this.#claim(credential, origin);
    if (!this.#bySource.has(origin.sourceId)) this.#bySource.set(origin.sourceId, { asking: Promise.resolve(credential), credential });
  }

  invalidate(dead: TemporaryCredential): void {
    for (const [sourceId, asked] of this.#bySource) {
      void asked.asking.then((credential) => {
        if (credential === dead) this.#forget(sourceId, asked);
      }, () => undefined);
    }
  }

  /** Unless another was asked for meanwhile. */
  #forget(sourceId: string, asked: Asked): void {
    if (this.#bySource.get(sourceId) === asked) this.#bySource.delete(sourceId);
  }

  async #choose(origin: Origin, broker: Broker): Promise<TemporaryCredential> {
    let offered = await broker.get();
    for (let tries = 1; ; tries++) {
      if (this.#claim(offered, origin)) return offered;
      // Another one of this name may have claimed the next prefix first; the service gives one more.
      const next = await broker.refresh();
      const samePrefix = next.bucket === offered.bucket && next.scope.value === offered.scope.value;
      if ((samePrefix && next !== offered) || tries === mostPrefixes) break;
      offered = next;
    }
    throw new FerryError({ code: 'duplicate-object', params: { name: origin.name, other: this.#names(offered).get(origin.name) ?? '' } });
  }

  /** False where the name is another path's under this prefix. */
  #claim(credential: TemporaryCredential, { name, path }: Origin): boolean {
    const names = this.#names(credential);
    const owner = names.get(name) ?? path;
    if (owner !== path) return false;
    names.set(name, path);
    return true;
  }

  #names({ bucket, scope }: TemporaryCredential): Map<string, string> {
    const prefix = `${bucket}/${scope.value}`;
    const known = this.#taken.get(prefix) ?? new Map<string, string>();
    this.#taken.set(prefix, known);
    return known;
  }
}
