import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { CosError } from './cos-error.ts';

const MAX_SKEW_S = 15 * 60;

export interface CosSignedRequest {
  readonly method: string;
  /** Decoded, with the leading slash. */
  readonly pathname: string;
  /** Decoded names and values, as sent. */
  readonly query: ReadonlyMap<string, string>;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The fields of a COS v5 `Authorization`. */
export interface CosAuthorization {
  readonly secretId: string;
  readonly signTime: string;
  readonly keyTime: string;
  /** Decoded, in lower case. */
  readonly headerList: readonly string[];
  readonly urlParamList: readonly string[];
  readonly signature: string;
}

/** Reads the `Authorization` header of COS's "Request Signature" document; throws `AccessDenied` where it is none. */
export function parseCosAuthorization(header: string | undefined): CosAuthorization {
  const fields = new Map<string, string>();
  for (const field of (header ?? '').split('&')) {
    const equals = field.indexOf('=');
    if (equals > 0) fields.set(field.slice(0, equals), field.slice(equals + 1));
  }
  const secretId = fields.get('q-ak');
  const signTime = fields.get('q-sign-time');
  const keyTime = fields.get('q-key-time');
  const headerList = fields.get('q-header-list');
  const urlParamList = fields.get('q-url-param-list');
  const signature = fields.get('q-signature');
  if (
    fields.get('q-sign-algorithm') !== 'sha1' || !secretId || !signTime || !keyTime
    || headerList === undefined || urlParamList === undefined || !/^[0-9a-f]{40}$/.test(signature ?? '')
  ) throw new CosError('AccessDenied');
  return {
    secretId, signTime, keyTime, signature: signature ?? '',
    headerList: names(headerList), urlParamList: names(urlParamList),
  };
}

/**
 * Checks the times and the signature of one request.
 * Throws `AccessDenied` "Request has expired", `RequestTimeTooSkewed` or `SignatureDoesNotMatch`.
 */
export function verifyCosSignature(request: CosSignedRequest, authorization: CosAuthorization, secretKey: string, nowMs: number): void {
  checkTime(authorization.keyTime, nowMs);
  checkTime(authorization.signTime, nowMs);
  const dateMs = Date.parse(request.headers['date'] ?? '');
  if (Math.abs(nowMs - dateMs) > MAX_SKEW_S * 1000) throw new CosError('RequestTimeTooSkewed');

  const covered = new Set(authorization.urlParamList);
  const complete = authorization.headerList.includes('host')
    && authorization.headerList.every((name) => request.headers[name] !== undefined)
    && [...request.query.keys()].every((name) => covered.has(name.toLowerCase()));
  if (!complete) throw new CosError('SignatureDoesNotMatch');

  const expected = cosSignature(request, authorization, secretKey);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))) throw new CosError('SignatureDoesNotMatch');
}

/** The signature COS computes for a request, after its "Request Signature" document. */
export function cosSignature(request: CosSignedRequest, authorization: Omit<CosAuthorization, 'signature'>, secretKey: string): string {
  const parameters = new Map([...request.query].map(([name, value]) => [name.toLowerCase(), value]));
  const httpString = [
    request.method.toLowerCase(),
    request.pathname,
    pairs(authorization.urlParamList, (name) => parameters.get(name)),
    pairs(authorization.headerList, (name) => request.headers[name]),
    '',
  ].join('\n');
  const stringToSign = ['sha1', authorization.signTime, createHash('sha1').update(httpString).digest('hex'), ''].join('\n');
  // The signing key is the hexadecimal text of the first HMAC, not the bytes it stands for.
  const signKey = createHmac('sha1', secretKey).update(authorization.keyTime).digest('hex');
  return createHmac('sha1', signKey).update(stringToSign).digest('hex');
}

/** COS's UrlEncode: all but letters, digits and `-_.~`. */
export function cosEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function pairs(list: readonly string[], valueOf: (name: string) => string | undefined): string {
  return list
    .map((name) => [cosEncode(name).toLowerCase(), cosEncode(valueOf(name) ?? '')] as const)
    .sort(([a], [b]) => (a < b ? -1 : Number(a > b)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function names(list: string): string[] {
  if (list === '') return [];
  try {
    return list.split(';').map((name) => decodeURIComponent(name).toLowerCase());
  } catch {
    throw new CosError('AccessDenied');
  }
}

function checkTime(range: string, nowMs: number): void {
  const [, start, end] = /^(\d{1,12});(\d{1,12})$/.exec(range) ?? [];
  if (start === undefined || end === undefined) throw new CosError('AccessDenied');
  if (Number(end) * 1000 < nowMs) throw new CosError('AccessDenied', 'Request has expired');
  if (Number(start) * 1000 > nowMs + MAX_SKEW_S * 1000) throw new CosError('RequestTimeTooSkewed');
}
