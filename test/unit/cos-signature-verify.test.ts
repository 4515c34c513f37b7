import COS from 'cos-nodejs-sdk-v5';
import { describe, expect, test } from 'vitest';
import { cosSignature, parseCosAuthorization, verifyCosSignature } from '../../main/sandbox/cos-verify.ts';
import type { CosSignedRequest } from '../../main/sandbox/cos-verify.ts';

// The two worked examples of "Request Signature" in the COS documentation.
const secretId = 'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q';
const secretKey = 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz';
const host = 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com';

const put = {
  request: {
    method: 'PUT', pathname: '/exampleobject(腾讯云)', query: new Map(),
    headers: {
      date: 'Thu, 16 May 2019 06:45:51 GMT', host, 'content-type': 'text/plain', 'content-length': '13',
      'content-md5': 'mQ/fVh815F3k6TAUm8m0eg==', 'x-cos-acl': 'private', 'x-cos-grant-read': 'uin="100000000011"',
    },
  } satisfies CosSignedRequest,
  time: '1557989151;1557996351',
  headerList: 'content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read',
  urlParamList: '',
  signature: '3b8851a11a569213c17ba8fa7dcf2abec6935172',
};
const get = {
  request: {
    method: 'GET', pathname: '/exampleobject(腾讯云)',
    query: new Map([['response-content-type', 'application/octet-stream'], ['response-cache-control', 'max-age=600']]),
    headers: { date: 'Thu, 16 May 2019 06:55:53 GMT', host },
  } satisfies CosSignedRequest,
  time: '1557989753;1557996953',
  headerList: 'date;host',
  urlParamList: 'response-cache-control;response-content-type',
  signature: '01681b8c9d798a678e43b685a9f1bba0f6c0e012',
};

const authorizationOf = ({ time, headerList, urlParamList, signature }: typeof put | typeof get): string =>
  `q-sign-algorithm=sha1&q-ak=${secretId}&q-sign-time=${time}&q-key-time=${time}&q-header-list=${headerList}&q-url-param-list=${urlParamList}&q-signature=${signature}`;

const startMs = ({ time }: { time: string }): number => Number(time.split(';')[0]) * 1000;

function verdict(request: CosSignedRequest, authorization: string, nowMs: number): string {
  try {
    verifyCosSignature(request, parseCosAuthorization(authorization), secretKey, nowMs);
    return 'accepted';
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return code === 'AccessDenied' ? `${code}: ${message}` : code;
  }
}

describe.each([['upload', put], ['download', get]])('the documentation’s %s', (_name, example) => {
  const authorization = authorizationOf(example);
  const nowMs = startMs(example);

  test('has the signature it prints', () => {
    expect(cosSignature(example.request, parseCosAuthorization(authorization), secretKey)).toBe(example.signature);
    expect(verdict(example.request, authorization, nowMs)).toBe('accepted');
  });

  test('is refused with another key, method or header', () => {
    expect(verdict({ ...example.request, pathname: '/other' }, authorization, nowMs)).toBe('SignatureDoesNotMatch');
    expect(verdict({ ...example.request, method: 'DELETE' }, authorization, nowMs)).toBe('SignatureDoesNotMatch');
    expect(verdict({ ...example.request, headers: { ...example.request.headers, host: 'elsewhere' } }, authorization, nowMs)).toBe('SignatureDoesNotMatch');
  });

  test('is refused with a query the signature does not cover', () => {
    const query = new Map([...example.request.query, ['uploads', '']]);
    expect(verdict({ ...example.request, query }, authorization, nowMs)).toBe('SignatureDoesNotMatch');
  });

  test('is refused where the host is not signed', () => {
    expect(verdict(example.request, authorization.replace(';host', ''), nowMs)).toBe('SignatureDoesNotMatch');
  });

  test('is refused after its end, and as skewed long before its start', () => {
    const undated = { ...example.request, headers: { ...example.request.headers, date: undefined } };
    expect(verdict(undated, authorization, nowMs + 7201_000)).toBe('AccessDenied: Request has expired');
    expect(verdict(undated, authorization, nowMs - 901_000)).toBe('RequestTimeTooSkewed');
    // Within the tolerance the time is no reason to refuse; the date that is missing then is one.
    expect(verdict(undated, authorization, nowMs - 899_000)).toBe('SignatureDoesNotMatch');
  });

  test('is refused as skewed when its Date is a quarter of an hour off', () => {
    expect(verdict(example.request, authorization, nowMs + 901_000)).toBe('RequestTimeTooSkewed');
  });
});

test('the signature the SDK makes is accepted, with all that needs encoding', () => {
  const query = { uploadId: '1617a+b/c=', partNumber: '7' };
  const headers = { Host: '127.0.0.1:9000', 'Content-MD5': 'mQ/fVh815F3k6TAUm8m0eg==' };
  const key = "a b/!'()*~/渡船 🚢.zip";
  const authorization = COS.getAuthorization({ SecretId: secretId, SecretKey: secretKey, Method: 'PUT', Key: key, Query: query, Headers: headers });
  const request = {
    method: 'PUT', pathname: `/${key}`, query: new Map(Object.entries(query)),
    headers: { host: '127.0.0.1:9000', 'content-md5': 'mQ/fVh815F3k6TAUm8m0eg==' },
  };
  expect(verdict(request, authorization, Date.now())).toBe('accepted');
  expect(verdict({ ...request, query: new Map([...request.query, ['partNumber', '8']]) }, authorization, Date.now())).toBe('SignatureDoesNotMatch');
});

test.each([
  ['nothing', undefined],
  ['another algorithm', authorizationOf(put).replace('sha1', 'md5')],
  ['no access key', authorizationOf(put).replace(secretId, '')],
  ['no header list', authorizationOf(put).replace('q-header-list', 'x')],
  ['a signature that is none', authorizationOf(put).slice(0, -1)],
])('an Authorization with %s is refused', (_name, header) => {
  expect(() => parseCosAuthorization(header)).toThrow(expect.objectContaining({ code: 'AccessDenied' }));
});
