import officialSign from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js';
import { describe, expect, test } from 'vitest';
import { verifyTc3 } from '../../main/sandbox/tc3-verify.ts';
import type { Tc3Request } from '../../main/sandbox/tc3-verify.ts';

const { default: Sign } = officialSign as unknown as { readonly default: typeof officialSign };

// The worked example of "Signature v3" in the API 3.0 documentation, in its two editions: both with
// this payload, byte for byte with its \u escapes, and this time.
const payload = String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`;
const timestamp = 1551113065;
const today = {
  secretId: `AKID${'*'.repeat(32)}`,
  secretKey: '*'.repeat(32),
  signedHeaders: 'content-type;host;x-tc-action',
  signature: '10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f',
};
const earlier = {
  secretId: 'AKIDz8krbsJ5yKBZQpn74WFkmLPx3*******',
  secretKey: 'Gu5t9xGARNpq86cd98joQYCN3*******',
  signedHeaders: 'content-type;host',
  signature: '2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c',
};

function sample(edition: typeof today, changes: Partial<Tc3Request['headers']> = {}, body = payload): Tc3Request {
  return {
    method: 'POST', path: '/', query: '', body: Buffer.from(body),
    headers: {
      authorization: `TC3-HMAC-SHA256 Credential=${edition.secretId}/2019-02-25/cvm/tc3_request, SignedHeaders=${edition.signedHeaders}, Signature=${edition.signature}`,
      'content-type': 'application/json; charset=utf-8',
      host: 'cvm.tencentcloudapi.com',
      'x-tc-action': 'DescribeInstances',
      'x-tc-timestamp': String(timestamp),
      ...changes,
    },
  };
}

const rules = (edition: typeof today, nowS = timestamp) => ({
  nowMs: nowS * 1000,
  services: [],
  secretKeyOf: (secretId: string) => (secretId === edition.secretId ? edition.secretKey : undefined),
});

const verdict = (request: Tc3Request, nowS?: number): string => {
  try {
    return verifyTc3(request, rules(today, nowS));
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the documentation’s example', () => {
  test.each([['today', today], ['earlier', earlier]])('of %s is accepted', (_name, edition) => {
    expect(verifyTc3(sample(edition), rules(edition))).toBe(edition.secretId);
  });

  test('is what the official library signs', () => {
    const authorization = Sign.sign3({
      method: 'POST', url: 'https://cvm.tencentcloudapi.com/', payload: Buffer.from(payload), timestamp, service: 'cvm',
      secretId: earlier.secretId, secretKey: earlier.secretKey, multipart: false, boundary: '',
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
    });
    expect(authorization).toContain(`Signature=${earlier.signature}`);
    expect(verifyTc3(sample(earlier, { authorization }), rules(earlier))).toBe(earlier.secretId);
  });

  test('is refused with one byte of the body changed', () => {
    expect(verdict(sample(today, {}, payload.replace('1', '2')))).toBe('AuthFailure.SignatureFailure');
  });

  test('is refused with a signed header changed', () => {
    expect(verdict(sample(today, { 'x-tc-action': 'DescribeImages' }))).toBe('AuthFailure.SignatureFailure');
  });

  test('is refused with another host', () => {
    expect(verdict(sample(today, { host: 'cvm.example.com' }))).toBe('AuthFailure.SignatureFailure');
  });

  test('is accepted up to 300 seconds early or late, and not beyond', () => {
    expect(verdict(sample(today), timestamp + 300)).toBe(today.secretId);
    expect(verdict(sample(today), timestamp - 300)).toBe(today.secretId);
    expect(verdict(sample(today), timestamp + 301)).toBe('AuthFailure.SignatureExpire');
    expect(verdict(sample(today), timestamp - 301)).toBe('AuthFailure.SignatureExpire');
  });
});

describe('a malformed signature is refused as such', () => {
  const authorization = sample(today).headers['authorization']!;

  test.each([
    ['no Authorization', undefined],
    ['another algorithm', authorization.replace('TC3-HMAC-SHA256', 'HmacSHA256')],
    ['a date that is not the timestamp’s', authorization.replace('2019-02-25', '2019-02-26')],
    ['a service that is not the request’s', authorization.replace('/cvm/', '/cbs/')],
    ['a host that is not signed', authorization.replace('content-type;host;', 'content-type;')],
    ['a content type that is not signed', authorization.replace('content-type;host;', 'host;')],
    ['a signed header that is not there', authorization.replace('x-tc-action', 'x-tc-region')],
    ['a signature that is too short', authorization.slice(0, -2)],
  ])('%s', (_name, changed) => {
    expect(verdict(sample(today, { authorization: changed }))).toBe('AuthFailure.InvalidAuthorization');
  });

  test.each([['missing', undefined], ['not a number', 'now']])('a timestamp that is %s', (_name, changed) => {
    expect(verdict(sample(today, { 'x-tc-timestamp': changed }))).toBe('AuthFailure.InvalidAuthorization');
  });
});

test('a SecretId nobody has is refused as unknown', () => {
  expect(() => verifyTc3(sample(today), rules(earlier))).toThrow(expect.objectContaining({ code: 'AuthFailure.SecretIdNotFound' }));
});

test('a host with a port is accepted whether or not the port was signed, as the official library leaves it out', () => {
  const sign = (url: string) => Sign.sign3({
    url, payload: {}, timestamp, service: 'ms', secretId: today.secretId, secretKey: today.secretKey,
    multipart: false, boundary: '', headers: { 'Content-Type': 'application/json' },
  });
  const authorization = sign('http://127.0.0.1:9000/');
  const request = sample(today, { authorization, host: '127.0.0.1:9000', 'content-type': 'application/json' }, '{}');
  expect(verifyTc3(request, { ...rules(today), services: ['ms'] })).toBe(today.secretId);
});
