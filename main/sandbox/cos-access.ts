import { isIP } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { CosError } from './cos-error.ts';
import { cosOperationOf } from './cos-operation.ts';
import type { CosOperation } from './cos-operation.ts';
import { parseCosAuthorization, verifyCosSignature } from './cos-verify.ts';
import { CAR_BUCKET, MS_BUCKET } from './credential-actions.ts';
import { plainHeaders, splitUrl } from './http-request.ts';
import type { SandboxRules } from './sandbox-rules.ts';
import { coversKey } from './temporary-keys.ts';
import type { TemporaryKey, TemporaryKeys } from './temporary-keys.ts';

const MAX_KEY_BYTES = 850;

/** A request to COS, taken apart but not yet believed. */
export interface CosRequest {
  readonly method: string;
  /** As sent, for the error document. */
  readonly resource: string;
  /** Decoded, with the leading slash. */
  readonly pathname: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly operation: CosOperation | null;
}

/** Throws `InvalidURI` for what is not percent-encoded UTF-8, and for a key longer than COS takes. */
export function readCosRequest(req: IncomingMessage): CosRequest {
  const headers = plainHeaders(req.headers);
  const { path, query: rawQuery } = splitUrl(req.url ?? '/');
  const method = req.method ?? 'GET';
  const pathname = decode(path);
  const key = pathname.slice(1);
  if (!pathname.startsWith('/') || Buffer.byteLength(key) > MAX_KEY_BYTES) throw new CosError('InvalidURI');
  const query = new Map(rawQuery.split('&').filter((pair) => pair !== '').map((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
  }));
  const resource = `${headers['host'] ?? ''}${path}`;
  return { method, resource, pathname, key, query, headers, operation: cosOperationOf(method, key, query) };
}

/** The key a request is signed with, once signature, token, times, bucket and scope all hold; throws a `CosError` otherwise. */
export function authorize(request: CosRequest, keys: TemporaryKeys, rules: SandboxRules, nowMs: number): TemporaryKey {
  const authorization = parseCosAuthorization(request.headers['authorization']);
  const key = keys.find(authorization.secretId);
  // COS does not know a temporary key's id without the token it came with.
  if (key === undefined || request.headers['x-cos-security-token'] !== key.token) throw new CosError('InvalidAccessKeyId');
  verifyCosSignature(request, authorization, key.secretKey, nowMs);
  if (nowMs >= key.expiresAtMs) throw new CosError('ExpiredToken');
  checkBucket(request.headers['host'] ?? '', key);
  if (!permits(request, key, rules)) throw new CosError('AccessDenied');
  return key;
}

/** A host that names no bucket (127.0.0.1, localhost) is taken for the bucket of the key. */
function checkBucket(hostAndPort: string, key: TemporaryKey): void {
  const host = hostAndPort.replace(/:\d+$/, '').toLowerCase();
  if (isIP(host) !== 0 || host === 'localhost') return;
  const bucket = host.split('.')[0] ?? '';
  const region = /\.cos\.([a-z0-9-]+)\./.exec(host)?.[1] ?? key.region;
  if (![MS_BUCKET, CAR_BUCKET].includes(bucket) || region !== key.region) throw new CosError('NoSuchBucket');
  if (bucket !== key.bucket) throw new CosError('AccessDenied');
}

function permits({ operation, query, key: objectKey }: CosRequest, { scope }: TemporaryKey, rules: SandboxRules): boolean {
  switch (operation) {
    case 'ListMultipartUploads': return !rules.denyListMultipartUploads && coversKey(scope, query.get('prefix') ?? '');
    case 'ListParts': return !rules.denyListParts && coversKey(scope, objectKey);
    case 'HeadObject': return !rules.denyHead && coversKey(scope, objectKey);
    default: return coversKey(scope, objectKey);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new CosError('InvalidURI');
  }
}
