import type { CredentialView, Service } from '../../preload/contract.ts';

/** What a temporary credential may write: everything below a prefix (ms) or exactly one key (car). */
export type Scope =
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'key'; readonly value: string };

/** Keys for COS that live for a while, fetched with an account's key from a service's API. */
export interface TemporaryCredential {
  readonly service: Service;
  /** With the appid: `name-1250000000`. */
  readonly bucket: string;
  readonly region: string;
  readonly scope: Scope;
  readonly tmpSecretId: string;
  readonly tmpSecretKey: string;
  readonly token: string;
  readonly startsAtMs: number;
  readonly expiresAtMs: number;
  readonly requestId: string;
}

/** The object key for a file of this name: below the prefix, or the one key there is. */
export function objectKey(scope: Scope, name: string): string {
  return scope.kind === 'key' ? scope.value : `${scope.value}/${name}`;
}

// One for all the uploads that go under it.
const views = new WeakMap<TemporaryCredential, CredentialView>();

/** The credential as the window may see it: field by field, so that no secret can slip in. */
export function credentialView(credential: TemporaryCredential): CredentialView {
  const known = views.get(credential);
  if (known) return known;
  const { service, bucket, region, scope, startsAtMs, expiresAtMs, requestId } = credential;
  const view = { service, bucket, region, scope: { kind: scope.kind, value: scope.value }, startsAtMs, expiresAtMs, requestId };
  views.set(credential, view);
  return view;
}

/** Whether a credential may write an object of this key that was begun under another one. */
export function covers(credential: TemporaryCredential, key: string, begunUnder: Pick<TemporaryCredential, 'bucket' | 'region'>): boolean {
  const { bucket, region, scope } = credential;
  if (bucket !== begunUnder.bucket || region !== begunUnder.region) return false;
  return scope.kind === 'key' ? scope.value === key : key.startsWith(`${scope.value}/`);
}
