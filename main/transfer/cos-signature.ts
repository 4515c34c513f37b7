import type COS from 'cos-nodejs-sdk-v5';
import sdkUtil from 'cos-nodejs-sdk-v5/sdk/util.js';

// The signer alone: the whole SDK takes a seventh of a second to load, and none of its requests are used.
const { getAuth } = sdkUtil as { getAuth: typeof COS.getAuthorization };

export interface CosKey {
  readonly tmpSecretId: string;
  readonly tmpSecretKey: string;
  readonly token: string;
}

export interface ToSign {
  readonly method: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

// A server's clock may be a little behind, and a part may take long on a slow line. How long the key
// itself is good for, COS knows.
const signedBeforeSeconds = 300;
const signedForSeconds = 3600;

/** The headers that a request is signed with, by COS's "Request signature", at `nowMs` of the server's time. */
export function cosSignature({ tmpSecretId, tmpSecretKey, token }: CosKey, { method, key, query, headers }: ToSign, nowMs: number): Record<string, string> {
  const nowSeconds = Math.floor(nowMs / 1000);
  const Authorization = getAuth({
    SecretId: tmpSecretId,
    SecretKey: tmpSecretKey,
    Method: method as COS.Method,
    Pathname: `/${key}`,
    Query: { ...query },
    Headers: { ...headers },
    KeyTime: `${nowSeconds - signedBeforeSeconds};${nowSeconds + signedForSeconds}`,
  });
  return { Authorization, 'x-cos-security-token': token };
}

/** Path and query as they are sent. */
export function cosPath(key: string, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => value === '' ? encode(name) : `${encode(name)}=${encode(value)}`);
  return `/${key.split('/').map(encode).join('/')}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
}

/** COS's UrlEncode: all but letters, digits and `-_.~`. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
