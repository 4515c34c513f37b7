import { randomBytes } from 'node:crypto';

/** What a temporary key may write: everything below `{prefix}/`, or exactly one object. */
export type Scope = { readonly kind: 'prefix' | 'key'; readonly value: string };

export interface TemporaryKey {
  readonly id: string;
  readonly secretKey: string;
  readonly token: string;
  readonly bucket: string;
  readonly region: string;
  readonly scope: Scope;
  readonly startsAtMs: number;
  readonly expiresAtMs: number;
}

/** The temporary keys given out since the start; they live in memory only. */
export class TemporaryKeys {
  readonly #byId = new Map<string, TemporaryKey>();

  issue(grant: Omit<TemporaryKey, 'id' | 'secretKey' | 'token'>): TemporaryKey {
    const key: TemporaryKey = {
      ...grant,
      id: `AKID${token(48)}`,
      secretKey: token(32),
      token: token(120),
    };
    this.#byId.set(key.id, key);
    return key;
  }

  find(id: string): TemporaryKey | undefined {
    return this.#byId.get(id);
  }

  /** Every key and token that still exists: what must turn up nowhere. */
  secrets(): readonly string[] {
    return [...this.#byId.values()].flatMap(({ secretKey, token: sessionToken }) => [secretKey, sessionToken]);
  }

  /** From now on no key given out so far exists. */
  revokeAll(): void {
    this.#byId.clear();
  }
}

/** Whether the scope covers one object. */
export function coversKey(scope: Scope, key: string): boolean {
  return scope.kind === 'key' ? key === scope.value : key.startsWith(`${scope.value}/`);
}

function token(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}
