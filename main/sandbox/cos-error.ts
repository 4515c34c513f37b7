import { toXml } from './xml-document.ts';

/** By code: HTTP status and what COS says, after its "Error Codes" document. */
const causes = {
  AccessDenied: [403, 'Access Denied.'],
  BadDigest: [400, 'The Content-MD5 you specified did not match what we received.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed object size.'],
  EntityTooSmall: [400, 'Your proposed upload is smaller than the minimum allowed object size.'],
  ExpiredToken: [400, 'The provided token has expired.'],
  InternalError: [500, 'We encountered an internal error. Please try again.'],
  InvalidAccessKeyId: [403, 'The access key Id you provided does not exist in our records.'],
  InvalidArgument: [400, 'Invalid Argument.'],
  InvalidDigest: [400, 'The Content-MD5 you specified is not valid.'],
  InvalidPart: [400, 'One or more of the specified parts could not be found.'],
  InvalidPartOrder: [400, 'The list of parts was not in ascending order.'],
  InvalidURI: [400, 'Could not parse the specified URI.'],
  MalformedXML: [400, 'The XML you provided was not well-formed or did not validate against our published schema.'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The specified multipart upload does not exist.'],
  NotImplemented: [501, 'A header or query you provided implies functionality that is not implemented.'],
  RequestTimeTooSkewed: [403, 'The difference between the request time and the current time is too large.'],
  SignatureDoesNotMatch: [403, 'The Signature you specified is invalid.'],
  XMLSizeLimit: [400, 'The XML you provided is too large.'],
} as const satisfies Record<string, readonly [number, string]>;

export type CosErrorCode = keyof typeof causes;

/** A refusal of COS: becomes an `<Error>` document with its status. */
export class CosError extends Error {
  readonly code: CosErrorCode;
  readonly status: number;

  constructor(code: CosErrorCode, message: string = causes[code][1]) {
    super(message);
    this.name = 'CosError';
    this.code = code;
    this.status = causes[code][0];
  }
}

/** The `<Error>` document of COS. */
export function errorXml(error: CosError, at: { resource: string; requestId: string; traceId: string }): string {
  return toXml('Error', {
    Code: error.code,
    Message: error.message,
    Resource: at.resource,
    RequestId: at.requestId,
    TraceId: at.traceId,
  });
}
