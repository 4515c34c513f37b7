import { expect, test } from 'vitest';
import { Broker } from '../../main/credentials/broker.ts';
import { apiEndpoint, parseApiEndpoint, parseCosDomain, staysHere } from '../../main/credentials/endpoints.ts';
import { serviceError } from '../../main/credentials/service-errors.ts';
import { credentialView, objectKey, type TemporaryCredential } from '../../main/credentials/temporary-credential.ts';

let serial = 0;
function credential(change: Partial<TemporaryCredential> = {}): TemporaryCredential {
  return {
    service: 'ms', bucket: 'b-1', region: 'ap-guangzhou', scope: { kind: 'prefix', value: 'p/1' },
    tmpSecretId: 'tmp-id', tmpSecretKey: 'tmp-key', token: 'the-token',
    startsAtMs: 0, expiresAtMs: 3_600_000, requestId: `request-${++serial}`, ...change,
  };
}

function brokerOf(nowMs: () => number = () => 0) {
  let fetches = 0;
  const broker = new Broker({ now: nowMs, fetch: async () => { fetches += 1; return credential({ startsAtMs: nowMs(), expiresAtMs: nowMs() + 3_600_000 }); } });
  return { broker, fetches: () => fetches };
}

test('one fetch is in flight however many ask', async () => {
  const { broker, fetches } = brokerOf();
  const all = await Promise.all(Array.from({ length: 50 }, () => broker.get()));
  expect(new Set(all).size).toBe(1);
  expect(fetches()).toBe(1);
});

test('a credential is replaced before it ends', async () => {
  let nowMs = 0;
  const { broker, fetches } = brokerOf(() => nowMs);
  const first = await broker.get();
  nowMs = 3_530_000;
  expect(await broker.get()).toBe(first);
  nowMs = 3_545_000;
  expect(await broker.get()).not.toBe(first);
  expect(fetches()).toBe(2);
});

test('a dead credential is given up once, a newer one is kept', async () => {
  const { broker, fetches } = brokerOf();
  const dead = await broker.get();
  broker.invalidate(dead);
  const fresh = await broker.get();
  broker.invalidate(dead);
  expect(await broker.get()).toBe(fresh);
  expect(fetches()).toBe(2);
});

test('a taken credential is nobody else\'s', async () => {
  const { broker } = brokerOf();
  const refreshed = await broker.refresh();
  expect(broker.takeReady()).toBe(refreshed);
  expect(broker.takeReady()).toBeNull();
});

test('a failed fetch is told to all who asked, and the next one tries again', async () => {
  let tries = 0;
  const broker = new Broker({ now: () => 0, fetch: async () => { tries += 1; if (tries === 1) throw new Error('down'); return credential(); } });
  await expect(Promise.all([broker.get(), broker.get()])).rejects.toThrow('down');
  await expect(broker.get()).resolves.toMatchObject({ bucket: 'b-1' });
});

test('the window\'s view of a credential has none of its secrets', () => {
  const text = JSON.stringify(credentialView(credential()));
  for (const secret of ['tmp-id', 'tmp-key', 'the-token']) expect(text).not.toContain(secret);
});

test('a key is below the prefix for ms and exactly the path for car', () => {
  expect(objectKey({ kind: 'prefix', value: 'p/1' }, 'a/b.txt')).toBe('p/1/a/b.txt');
  expect(objectKey({ kind: 'key', value: '1/app/ver/app.zip' }, 'Game.zip')).toBe('1/app/ver/app.zip');
});

test.each([
  ['AuthFailure.InvalidAuthorization', 'key-refused'], ['InternalError', 'service-internal'],
  ['InternalError.ServerError', 'service-no-answer'], ['ResourceUnavailable', 'service-unavailable'],
  ['UnauthorizedOperation.AuthFailed', 'key-not-permitted'], ['AuthFailure', 'key-refused'],
  ['FailedOperation', 'service-failed'], ['FailedOperation.ApplicationLockFail', 'application-locked'],
  ['FailedOperation.ApplicationNotFind', 'application-unknown'], ['InvalidParameter', 'parameter-refused'],
  ['InvalidParameterValue', 'parameter-value-refused'], ['OperationDenied', 'operation-denied'],
  ['InvalidParameterValue.Some.Detail', 'parameter-value-refused'], ['NeverHeardOf', 'service-other'],
])('the service\'s %s is %s, with its code and RequestId', (serviceCode, code) => {
  const { problem } = serviceError(serviceCode, 'said so', 'request-1', { ApplicationId: 'app-1' });
  expect(problem).toMatchObject({ code, serviceCode, requestId: 'request-1', detail: 'said so', params: { applicationId: 'app-1' } });
});

test('endpoints follow the site, unless the account has its own', () => {
  expect(apiEndpoint({ site: 'china', apiEndpoint: null }, 'car')).toBe('https://car.tencentcloudapi.com');
  expect(apiEndpoint({ site: 'international', apiEndpoint: null }, 'car')).toBe('https://car.intl.tencentcloudapi.com');
  expect(apiEndpoint({ site: 'china', apiEndpoint: null }, 'ms')).toBe('https://ms.tencentcloudapi.com');
  expect(apiEndpoint({ site: 'china', apiEndpoint: 'http://127.0.0.1:9000' }, 'ms')).toBe('http://127.0.0.1:9000');
});

test.each([
  ['', null], ['  ', null], [null, null],
  ['http://127.0.0.1:9000', 'http://127.0.0.1:9000'], ['https://api.example.com/', 'https://api.example.com'],
])('the API endpoint %j is kept as %j', (text, kept) => {
  expect(parseApiEndpoint(text)).toBe(kept);
});

test.each(['api.example.com', 'ftp://api.example.com', 'https://user:pw@api.example.com', 'https://api.example.com/v1', 'https://api.example.com/?x=1'])('the API endpoint %j is refused', (text) => {
  expect(() => parseApiEndpoint(text)).toThrow('endpoint-invalid');
});

test.each([
  ['cos.example.com', { domain: 'cos.example.com', protocol: 'https:' }],
  ['http://127.0.0.1:9000', { domain: '127.0.0.1:9000', protocol: 'http:' }],
  ['{Bucket}.cos.{Region}.tencentcos.cn', { domain: '{Bucket}.cos.{Region}.tencentcos.cn', protocol: 'https:' }],
  ['', null],
])('the COS domain %j is read as %j', (text, domain) => {
  expect(parseCosDomain(text)).toEqual(domain);
});

test.each(['cos.example.com/path', 'evil.com#', 'a b', '{Evil}.com', 'ftp://x.com'])('the COS domain %j is refused', (text) => {
  expect(() => parseCosDomain(text)).toThrow('cos-domain-invalid');
});

test.each([
  ['http://127.0.0.1:9000', 'http://localhost:9000', true],
  ['http://[::1]:9000', 'http://127.0.0.1:9000', true],
  ['http://127.0.0.1:9000', null, false],
  [null, 'http://127.0.0.1:9000', false],
  [null, null, false],
  ['http://127.0.0.1.evil.com', 'http://127.0.0.1', false],
  ['http://127.0.0.1', '{Bucket}.127.0.0.1', false],
  ['http://127.0.0.1@evil.com', 'http://127.0.0.1', false],
  ['not a url', 'http://127.0.0.1', false],
])('an account of %j and %j stays on this computer: %s', (api, cos, stays) => {
  expect(staysHere({ apiEndpoint: api, cosDomain: cos }, { apiEndpoint: null, cosDomain: null })).toBe(stays);
});

test('where an account sets no endpoint of its own, the environment’s counts', () => {
  const local = { apiEndpoint: 'http://127.0.0.1:9000', cosDomain: 'http://127.0.0.1:9000' };
  expect(staysHere({ apiEndpoint: null, cosDomain: null }, local)).toBe(true);
  expect(staysHere({ apiEndpoint: 'https://api.example.com', cosDomain: null }, local)).toBe(false);
});
