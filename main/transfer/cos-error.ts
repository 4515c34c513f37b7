import { StoreError, type StoreErrorKind } from './object-store.ts';
import type { ProblemCode } from '../../preload/problem-codes.ts';

/** The parts of a cos-nodejs-sdk-v5 error that are read here. */
interface SdkError {
  readonly code?: string;
  readonly message?: string;
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error?: { readonly Code?: string; readonly Message?: string; readonly RequestId?: string };
}

interface Verdict {
  readonly kind: StoreErrorKind;
  readonly code: ProblemCode;
}

/**
 * A failed COS request as a StoreError, by COS's "Error codes" and what a dead key looks like:
 * 400 ExpiredToken, 403 InvalidAccessKeyId, or 403 AccessDenied "Request has expired".
 */
export function cosError(thrown: unknown, host: string): StoreError {
  const sdkError = asSdkError(thrown);
  const status = sdkError.statusCode ?? null;
  const serviceCode = sdkError.error?.Code ?? (status === null ? undefined : sdkError.code);
  const message = sdkError.error?.Message ?? sdkError.message ?? '';
  const requestId = sdkError.headers?.['x-cos-request-id'] ?? sdkError.error?.RequestId;
  const { kind, code } = status === null ? noAnswer(sdkError) : answered(status, serviceCode ?? '', message);
  return new StoreError(kind, {
    code,
    params: { host },
    ...(serviceCode === undefined ? {} : { serviceCode }),
    ...(requestId === undefined ? {} : { requestId }),
    detail: status === null ? message : `HTTP ${status} ${message}`.trim(),
  }, status, { cause: thrown, serverDate: sdkError.headers?.['date'] });
}

function noAnswer(sdkError: SdkError): Verdict {
  // Somebody answered, but not who was asked: waiting will not make it another.
  if (/CERT|ERR_TLS|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)/.test(sdkError.code ?? '')) return { kind: 'permanent', code: 'store-not-trusted' };
  const timedOut = sdkError.code === 'ETIMEDOUT' || sdkError.code === 'ESOCKETTIMEDOUT';
  return { kind: 'transient', code: timedOut ? 'network-timeout' : 'network-unreachable' };
}

function answered(status: number, serviceCode: string, message: string): Verdict {
  if (status >= 500 || status < 300 || serviceCode === 'SlowDown' || serviceCode === 'RequestTimeout') {
    return { kind: 'transient', code: 'store-failed' };
  }
  const expired = /request has expired/i.test(message);
  if (serviceCode === 'ExpiredToken' || serviceCode === 'InvalidAccessKeyId' || (serviceCode === 'AccessDenied' && expired)) {
    return { kind: 'credential-dead', code: 'credential-expired' };
  }
  switch (serviceCode) {
    case 'NoSuchUpload': return { kind: 'no-such-upload', code: 'store-refused' };
    // The bytes were changed on their way: sending them again is the cure.
    case 'BadDigest': return { kind: 'transient', code: 'store-failed' };
    case 'RequestTimeTooSkewed': return { kind: 'permanent', code: 'store-clock-wrong' };
    case 'AccessDenied': return { kind: 'permanent', code: 'store-access-denied' };
    case 'NoSuchBucket': return { kind: 'permanent', code: 'store-no-bucket' };
    default: return { kind: 'permanent', code: status === 403 ? 'store-access-denied' : 'store-refused' };
  }
}

function asSdkError(thrown: unknown): SdkError {
  if (typeof thrown === 'object' && thrown !== null) return thrown;
  return { message: String(thrown) };
}
