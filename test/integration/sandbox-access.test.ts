import type COS from 'cos-nodejs-sdk-v5';
import { describe, expect, test } from 'vitest';
import { carCredential, codeOf, cosClient, msCredential, openSandbox, plainRequest, signedRequest } from './sandbox-clients.ts';
import type { Credential } from './sandbox-clients.ts';

const put = (sandbox: Parameters<typeof cosClient>[0], credential: Credential, changes: Parameters<typeof cosClient>[2] = {}, Key = `${credential.scope}/a`) =>
  cosClient(sandbox, credential, changes).putObject({ Bucket: credential.bucket, Region: credential.region, Key, Body: 'abc' });

describe('the SDK is refused', () => {
  test('with a wrong key', async () => {
    const sandbox = await openSandbox();
    await expect(put(sandbox, await msCredential(sandbox), { SecretKey: 'wrong' })).rejects.toMatchObject({ statusCode: 403, code: 'SignatureDoesNotMatch' });
  });

  test('with a key nobody issued', async () => {
    const sandbox = await openSandbox();
    await expect(put(sandbox, await msCredential(sandbox), { SecretId: 'AKIDnobody' })).rejects.toMatchObject({ statusCode: 403, code: 'InvalidAccessKeyId' });
  });

  test('without the token, or with another credential’s', async () => {
    const sandbox = await openSandbox();
    const [credential, other] = [await msCredential(sandbox), await msCredential(sandbox)];
    await expect(put(sandbox, credential, { SecurityToken: '' })).rejects.toMatchObject({ statusCode: 403, code: 'InvalidAccessKeyId' });
    await expect(put(sandbox, credential, { SecurityToken: other.token })).rejects.toMatchObject({ statusCode: 403, code: 'InvalidAccessKeyId' });
  });

  test('with the account’s own key, which is for the API alone', async () => {
    const sandbox = await openSandbox();
    const { secretId, secretKey } = sandbox.accounts[0]!;
    await expect(put(sandbox, await msCredential(sandbox), { SecretId: secretId, SecretKey: secretKey })).rejects.toMatchObject({ code: 'InvalidAccessKeyId' });
  });

  test('once the credential has expired', async () => {
    let laterMs = 0;
    const sandbox = await openSandbox({ now: () => Date.now() + laterMs });
    const credential = await msCredential(sandbox, { Duration: 60 });
    await put(sandbox, credential);
    laterMs = 60_000;
    await expect(put(sandbox, credential)).rejects.toMatchObject({ statusCode: 400, code: 'ExpiredToken' });
  });

  test('with a signature that lasts no longer than the credential, as expired', async () => {
    let laterMs = 0;
    const sandbox = await openSandbox({ now: () => Date.now() + laterMs });
    const credential = await msCredential(sandbox, { Duration: 120 });
    const startsAt = Math.floor(Date.now() / 1000);
    const limited = {
      getAuthorization: (_options: object, callback: (data: object) => void) => callback({
        TmpSecretId: credential.id, TmpSecretKey: credential.key, SecurityToken: credential.token, StartTime: startsAt, ExpiredTime: startsAt + 120,
      }),
    };
    await put(sandbox, credential, limited as object);
    laterMs = 125_000;
    await expect(put(sandbox, credential, limited as object)).rejects.toMatchObject({ statusCode: 403, code: 'AccessDenied', message: 'Request has expired' });
  });

  test('when its clock is late, and told the server’s time', async () => {
    let serverAheadMs = 0;
    const sandbox = await openSandbox({ now: () => Date.now() + serverAheadMs });
    const credential = await msCredential(sandbox);
    serverAheadMs = 1_000_000;
    const refusal = await put(sandbox, credential).then(() => null, (error: { code: string; message: string; headers: { date: string } }) => error);
    expect(refusal).toMatchObject({ statusCode: 403, code: 'AccessDenied', message: 'Request has expired' });
    expect(Date.parse(refusal!.headers.date)).toBeGreaterThan(Date.now() + 990_000);
  });

  test('when its clock is early', async () => {
    let serverAheadMs = 0;
    const sandbox = await openSandbox({ now: () => Date.now() + serverAheadMs });
    const credential = await msCredential(sandbox);
    serverAheadMs = -1_000_000;
    await expect(put(sandbox, credential)).rejects.toMatchObject({ statusCode: 403, code: 'RequestTimeTooSkewed' });
  });

  test('once all keys are revoked, until it has a new one', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    await put(sandbox, credential);
    sandbox.revokeCredentials();
    await expect(put(sandbox, credential)).rejects.toMatchObject({ statusCode: 403, code: 'InvalidAccessKeyId' });
    await put(sandbox, await msCredential(sandbox));
  });
});

describe('the scope', () => {
  test('of an ms credential is what lies below its prefix', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    await put(sandbox, credential, {}, `${credential.scope}/deep/down/a`);
    for (const key of ['a', credential.scope, `${credential.scope}0/a`, `other/${credential.scope}/a`]) {
      await expect(put(sandbox, credential, {}, key)).rejects.toMatchObject({ statusCode: 403, code: 'AccessDenied', message: 'Access Denied.' });
    }
  });

  test('of a car credential is exactly its path', async () => {
    const sandbox = await openSandbox();
    const credential = await carCredential(sandbox);
    await put(sandbox, credential, {}, credential.scope);
    for (const key of [`${credential.scope}/a`, credential.scope.replace('.zip', '.rar'), credential.scope.slice(0, -1)]) {
      await expect(put(sandbox, credential, {}, key)).rejects.toMatchObject({ statusCode: 403, code: 'AccessDenied' });
    }
  });

  test('holds for every operation', async () => {
    const sandbox = await openSandbox();
    const [mine, other] = [await msCredential(sandbox), await msCredential(sandbox)];
    await put(sandbox, other);
    const object = { Bucket: mine.bucket, Region: mine.region, Key: `${other.scope}/a` };
    const { UploadId } = await cosClient(sandbox, other).multipartInit(object);
    const cos = cosClient(sandbox, mine);
    const attempts = [
      cos.multipartInit(object),
      cos.multipartUpload({ ...object, UploadId, PartNumber: 1, Body: 'abc' }),
      cos.multipartListPart({ ...object, UploadId }),
      cos.multipartComplete({ ...object, UploadId, Parts: [{ PartNumber: 1, ETag: 'x' }] }),
      cos.multipartAbort({ ...object, UploadId }),
      cos.headObject(object),
      cos.getObject(object),
    ];
    for (const attempt of attempts) await expect(attempt).rejects.toMatchObject({ statusCode: 403 });
  });
});

describe('the host', () => {
  const hosted = async (host: (credential: Credential) => string) => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const reply = await signedRequest(sandbox, credential, { method: 'PUT', key: `${credential.scope}/a`, body: Buffer.from('abc'), headers: { Host: host(credential) } });
    return codeOf(reply) ?? reply.status;
  };

  test('may name the bucket and the region of the credential', async () => {
    expect(await hosted(({ bucket }) => `${bucket}.sandbox:9000`)).toBe(200);
    expect(await hosted(({ bucket, region }) => `${bucket}.cos.${region}.myqcloud.com`)).toBe(200);
  });

  test('may not name another bucket, or another region', async () => {
    expect(await hosted(() => 'car-sandbox-1250000000.cos.ap-guangzhou.myqcloud.com')).toBe('AccessDenied');
    expect(await hosted(() => 'nobody-1250000000.cos.ap-guangzhou.myqcloud.com')).toBe('NoSuchBucket');
    expect(await hosted(({ bucket }) => `${bucket}.cos.ap-shanghai.myqcloud.com`)).toBe('NoSuchBucket');
  });
});

describe('the signature covers', () => {
  test('the key as it is sent', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const reply = await signedRequest(sandbox, credential, { method: 'PUT', key: `${credential.scope}/a`, path: `/${credential.scope}/b` });
    expect([reply.status, codeOf(reply)]).toEqual([403, 'SignatureDoesNotMatch']);
  });

  test('every parameter of the query', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const reply = await signedRequest(sandbox, credential, { method: 'POST', key: `${credential.scope}/a`, query: { uploads: '' }, signedQuery: {} });
    expect([reply.status, codeOf(reply)]).toEqual([403, 'SignatureDoesNotMatch']);
  });

  test('nothing that is not signed at all', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const reply = await plainRequest(sandbox, { method: 'PUT', path: `/${credential.scope}/a`, headers: { 'Content-Length': '0' } });
    expect([reply.status, codeOf(reply)]).toEqual([403, 'AccessDenied']);
  });
});

describe('what temporary keys may not do', () => {
  test('is listing uploads, unless the rules allow it', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const object = { Bucket: credential.bucket, Region: credential.region };
    const cos = cosClient(sandbox, credential);
    const ids = [];
    for (const name of ['b', 'a', 'b']) ids.push((await cos.multipartInit({ ...object, Key: `${credential.scope}/${name}` })).UploadId);
    const list = (changes: Partial<COS.MultipartListParams> = {}): Promise<COS.MultipartListResult> =>
      cos.multipartList({ ...object, Prefix: `${credential.scope}/`, Delimiter: '', ...changes });
    await expect(list()).rejects.toMatchObject({ statusCode: 403, code: 'AccessDenied' });
    sandbox.rules.denyListMultipartUploads = false;
    const all = await list();
    expect(all.Upload.map(({ Key }) => Key.slice(-1))).toEqual(['a', 'b', 'b']);
    expect(all.Upload.map(({ UploadId }) => UploadId).sort()).toEqual(ids.sort());
    const page = await list({ MaxUploads: 2 });
    expect(page).toMatchObject({ IsTruncated: 'true', NextKeyMarker: `${credential.scope}/b` });
    const rest = await list({ KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker });
    expect(rest.Upload[0]?.UploadId).toBe(all.Upload[2]?.UploadId);
    expect(rest.Upload).toHaveLength(1);
    await expect(list({ Delimiter: '/' })).rejects.toMatchObject({ statusCode: 501, code: 'NotImplemented' });
    await expect(list({ Prefix: '' })).rejects.toMatchObject({ code: 'AccessDenied' });
  });

  test('is listing parts, where the rules say so', async () => {
    const sandbox = await openSandbox({ denyListParts: true });
    const credential = await msCredential(sandbox);
    const object = { Bucket: credential.bucket, Region: credential.region, Key: `${credential.scope}/a` };
    const cos = cosClient(sandbox, credential);
    const { UploadId } = await cos.multipartInit(object);
    await expect(cos.multipartListPart({ ...object, UploadId })).rejects.toMatchObject({ statusCode: 403, code: 'AccessDenied' });
    await cos.multipartAbort({ ...object, UploadId });
  });

  test('is HEAD, where the rules say so', async () => {
    const sandbox = await openSandbox({ denyHead: true });
    const credential = await msCredential(sandbox);
    await put(sandbox, credential);
    const head = () => cosClient(sandbox, credential).headObject({ Bucket: credential.bucket, Region: credential.region, Key: `${credential.scope}/a` });
    await expect(head()).rejects.toMatchObject({ statusCode: 403 });
    sandbox.rules.denyHead = false;
    await expect(head()).resolves.toMatchObject({ statusCode: 200 });
  });
});

test('a fault may take a request out of the sandbox’s hands', async () => {
  const sandbox = await openSandbox({
    faults: ({ operation, res }) => {
      if (operation !== 'PutObject') return false;
      res.writeHead(503).end();
      return true;
    },
  });
  const credential = await msCredential(sandbox);
  const reply = await signedRequest(sandbox, credential, { method: 'PUT', key: `${credential.scope}/a`, body: Buffer.from('abc') });
  expect(reply.status).toBe(503);
  expect(sandbox.requests().at(-1)).toMatchObject({ operation: 'PutObject', status: 503 });
  expect(await sandbox.listObjects()).toEqual([]);
});

test('the account’s names tell nothing a client could guess', async () => {
  const [one, other] = [await openSandbox(), await openSandbox()];
  expect(one.accounts[0]).not.toEqual(other.accounts[0]);
});
