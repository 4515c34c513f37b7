import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ApiError } from './api-error.ts';

const ALGORITHM = 'TC3-HMAC-SHA256';
const MAX_CLOCK_DIFFERENCE_S = 300;

export interface Tc3Request {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

export interface Tc3Rules {
  readonly nowMs: number;
  /** The service names the scope may state; the first label of the Host is always one. */
  readonly services: readonly string[];
  secretKeyOf(secretId: string): string | undefined;
}

interface Authorization {
  readonly secretId: string;
  readonly date: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/**
 * The SecretId whose key signed the request, by the "Signature v3" document of API 3.0.
 * Throws an `ApiError` with an `AuthFailure` code where the signature does not hold.
 */
export function verifyTc3(request: Tc3Request, rules: Tc3Rules): string {
  const authorization = parseAuthorization(request.headers['authorization']);
  const timestamp = parseTimestamp(request.headers['x-tc-timestamp']);
  const host = request.headers['host'] ?? '';

  if (Math.abs(rules.nowMs / 1000 - timestamp) > MAX_CLOCK_DIFFERENCE_S) {
    throw new ApiError('AuthFailure.SignatureExpire', 'The signature has expired. Please synchronize your clock with the standard time.');
  }
  if (authorization.date !== new Date(timestamp * 1000).toISOString().slice(0, 10)) {
    throw invalid('The date of the credential scope does not match X-TC-Timestamp.');
  }
  // The official client takes the service from the first label of whatever endpoint it was given.
  if (![...rules.services, host.split('.')[0]].includes(authorization.service)) {
    throw invalid('The service of the credential scope does not match the request.');
  }
  const secretKey = rules.secretKeyOf(authorization.secretId);
  if (secretKey === undefined) {
    throw new ApiError('AuthFailure.SecretIdNotFound', 'The SecretId is not found. Please ensure that your SecretId is correct.');
  }
  // The official client signs the host name alone, but sends it with the port.
  const holds = [host, host.replace(/:\d+$/, '')].some((signedHost) =>
    equalHex(authorization.signature, signature(request, authorization, timestamp, signedHost, secretKey)));
  if (!holds) {
    throw new ApiError('AuthFailure.SignatureFailure', 'The provided credentials could not be validated. Please check your signature is correct.');
  }
  return authorization.secretId;
}

function signature(request: Tc3Request, authorization: Authorization, timestamp: number, host: string, secretKey: string): string {
  const { date, service, signedHeaders } = authorization;
  const canonicalHeaders = signedHeaders.map((name) => {
    const value = name === 'host' ? host : request.headers[name];
    if (value === undefined) throw invalid(`The signed header ${name} is missing.`);
    return `${name}:${value.trim().toLowerCase()}\n`;
  }).join('');
  const canonicalRequest = [
    request.method, request.path, request.query, canonicalHeaders, signedHeaders.join(';'), sha256(request.body),
  ].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const stringToSign = [ALGORITHM, timestamp, scope, sha256(canonicalRequest)].join('\n');
  const signingKey = hmac(hmac(hmac(`TC3${secretKey}`, date), service), 'tc3_request');
  return hmac(signingKey, stringToSign).toString('hex');
}

function parseAuthorization(header: string | undefined): Authorization {
  const match = /^TC3-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{4}-\d{2}-\d{2})\/([^/,\s]+)\/tc3_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(header ?? '');
  const [, secretId, date, service, names, stated] = match ?? [];
  if (secretId === undefined || date === undefined || service === undefined || names === undefined || stated === undefined) {
    throw invalid('The Authorization header is missing or not of the form TC3-HMAC-SHA256 asks for.');
  }
  const signedHeaders = names.split(';');
  if (!signedHeaders.includes('content-type') || !signedHeaders.includes('host')) {
    throw invalid('SignedHeaders must contain content-type and host.');
  }
  return { secretId, date, service, signedHeaders, signature: stated };
}

function parseTimestamp(header: string | undefined): number {
  if (header === undefined || !/^\d{1,12}$/.test(header)) throw invalid('X-TC-Timestamp is missing or not a number of seconds.');
  return Number(header);
}

const invalid = (message: string): ApiError => new ApiError('AuthFailure.InvalidAuthorization', message);
const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
const equalHex = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
