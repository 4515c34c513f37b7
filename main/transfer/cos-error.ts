import { isDistrust } from '../distrust.ts';
import type { ProblemCode } from '../../preload/problem-codes.ts';
import type { CosReply } from './cos-replies.ts';
import { StoreError, type StoreErrorKind } from './object-store.ts';
import { Stalled } from './send-body.ts';

/** Who was asked, for the words. */
export interface StorePlace {
  readonly host: string;
  readonly bucket: string;
}

interface Verdict {
  readonly kind: StoreErrorKind;
  readonly code: ProblemCode;
}

/**
 * COS's refusal as a StoreError, by its "Error codes" and what a dead key looks like: 400
 * ExpiredToken, 403 InvalidAccessKeyId, or 403 AccessDenied "Request has expired".
 */
export function cosError(reply: Pick<CosReply, 'status' | 'document' | 'requestId' | 'date'>, at: StorePlace, method: string): StoreError {
  const { status, document: { Error: refusal } } = reply;
  const serviceCode = refusal?.Code ?? String(status);
  const requestId = reply.requestId ?? refusal?.RequestId;
  const verdict = answered(status, serviceCode, refusal?.Message ?? '');
  // Without its document it was cut short, or is not COS's own: it may be another the next time.
  const kind = method !== 'HEAD' && refusal?.Code === undefined ? 'transient' : verdict.kind;
  return new StoreError(kind, {
    code: verdict.code,
    params: { ...at },
    serviceCode,
    ...(requestId === undefined ? {} : { requestId }),
    detail: `HTTP ${status} ${refusal?.Message ?? ''}`.trim(),
  }, status, { serverDate: reply.date });
}

/** Node's error where there was no whole reply. */
export function noAnswer(thrown: unknown, at: StorePlace): StoreError {
  const stalled = thrown instanceof Stalled;
  const { code, message } = thrown instanceof Error ? thrown as NodeJS.ErrnoException : { code: undefined, message: String(thrown) };
  const distrusted = !stalled && isDistrust({ code, message });
  const timedOut = stalled || code === 'ETIMEDOUT';
  return new StoreError(distrusted ? 'permanent' : 'transient', {
    code: distrusted ? 'store-not-trusted' : timedOut ? 'network-timeout' : 'network-unreachable',
    params: { ...at },
    detail: message || (code ?? ''),
  }, null, { cause: thrown });
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
