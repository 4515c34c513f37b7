import type { ProblemCode } from '../../preload/problem-codes.ts';
import { FerryError } from '../ferry-error.ts';

// The codes of both services' documents, and the common ones a key or a call can meet.
const problemByServiceCode: Readonly<Record<string, ProblemCode>> = {
  'AuthFailure': 'key-refused',
  'AuthFailure.InvalidAuthorization': 'key-refused',
  'AuthFailure.InvalidSecretId': 'secret-id-unknown',
  'AuthFailure.SecretIdNotFound': 'secret-id-unknown',
  'AuthFailure.SignatureFailure': 'secret-key-wrong',
  'AuthFailure.SignatureExpire': 'clock-wrong',
  'AuthFailure.TokenFailure': 'key-refused',
  'AuthFailure.UnauthorizedOperation': 'key-not-permitted',
  'UnauthorizedOperation': 'key-not-permitted',
  'UnauthorizedOperation.AuthFailed': 'key-not-permitted',
  'FailedOperation': 'service-failed',
  'FailedOperation.ApplicationLockFail': 'application-locked',
  'FailedOperation.ApplicationNotFind': 'application-unknown',
  'InternalError': 'service-internal',
  'InternalError.ServerError': 'service-no-answer',
  'InvalidParameter': 'parameter-refused',
  'InvalidParameterValue': 'parameter-value-refused',
  'OperationDenied': 'operation-denied',
  'RequestLimitExceeded': 'rate-limited',
  'ResourceUnavailable': 'service-unavailable',
};

/** Codes that say the SecretId or the SecretKey itself is wrong. */
export const wrongKeyProblems: ReadonlySet<ProblemCode> = new Set(['key-refused', 'secret-id-unknown', 'secret-key-wrong']);

/** A service's error as a FerryError: by its exact code, else by the part before the first dot, else `service-other`. */
export function serviceError(
  serviceCode: string,
  message: string,
  requestId: string,
  payload: Readonly<Record<string, string | number>>,
): FerryError {
  const family = serviceCode.split('.', 1)[0] ?? serviceCode;
  const code = problemByServiceCode[serviceCode] ?? problemByServiceCode[family] ?? 'service-other';
  const applicationId = payload['ApplicationId'];
  return new FerryError({
    code,
    params: applicationId === undefined ? {} : { applicationId },
    serviceCode,
    requestId,
    detail: message,
  });
}
