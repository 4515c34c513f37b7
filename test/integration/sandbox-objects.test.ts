import COS from 'cos-nodejs-sdk-v5';
import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createCrc64 } from '../../main/transfer/crc64.ts';
import { codeOf, cosClient, msCredential, openSandbox, plainRequest, signedRequest } from './sandbox-clients.ts';
import type { Credential } from './sandbox-clients.ts';

const at = (credential: Credential, name: string) =>
  ({ Bucket: credential.bucket, Region: credential.region, Key: `${credential.scope}/${name}` });

async function crc64Of(bytes: Buffer): Promise<string> {
  const crc64 = await createCrc64();
  crc64.update(bytes);
  return crc64.digestDecimal();
}

describe('an object put by the SDK', () => {
  test('is on disk byte for byte, and answers with its MD5 and CRC64', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const bytes = randomBytes(3_300_001);
    const reply = await cosClient(sandbox, credential).putObject({ ...at(credential, 'builds/game.bin'), Body: bytes });

    expect(reply.ETag).toBe(`"${createHash('md5').update(bytes).digest('hex')}"`);
    expect(reply.headers?.['x-cos-hash-crc64ecma']).toBe(await crc64Of(bytes));
    expect(reply.headers?.['x-cos-request-id']).toBeTruthy();
    const path = sandbox.objectPath(credential.bucket, `${credential.scope}/builds/game.bin`);
    expect((await readFile(path)).equals(bytes)).toBe(true);
    expect(await sandbox.listObjects()).toMatchObject([
      { bucket: credential.bucket, key: `${credential.scope}/builds/game.bin`, size: bytes.length },
    ]);
  });

  test('can be asked for with HEAD and fetched with GET', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const cos = cosClient(sandbox, credential);
    const bytes = randomBytes(700_000);
    const { ETag } = await cos.putObject({ ...at(credential, 'a.bin'), Body: bytes, ContentType: 'application/x-game' });

    const head = await cos.headObject(at(credential, 'a.bin'));
    expect(head.headers).toMatchObject({
      etag: ETag, 'content-length': '700000', 'content-type': 'application/x-game', 'x-cos-hash-crc64ecma': await crc64Of(bytes),
    });
    const got = await cos.getObject(at(credential, 'a.bin'));
    expect(got.Body.equals(bytes)).toBe(true);
  });

  test('may be empty', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const reply = await cosClient(sandbox, credential).putObject({ ...at(credential, 'empty'), Body: Buffer.alloc(0) });
    expect(reply.ETag).toBe('"d41d8cd98f00b204e9800998ecf8427e"');
    expect(reply.headers?.['x-cos-hash-crc64ecma']).toBe('0');
    expect(await readFile(sandbox.objectPath(credential.bucket, `${credential.scope}/empty`))).toHaveLength(0);
  });

  test('replaces the one before it', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const cos = cosClient(sandbox, credential);
    await cos.putObject({ ...at(credential, 'a'), Body: 'first, and longer' });
    await cos.putObject({ ...at(credential, 'a'), Body: 'second' });
    expect(await readFile(sandbox.objectPath(credential.bucket, `${credential.scope}/a`), 'utf8')).toBe('second');
    expect(await sandbox.listObjects()).toMatchObject([{ size: 6 }]);
  });

  test('is still known after a restart', async () => {
    const first = await openSandbox({ rotateScopes: false });
    const credential = await msCredential(first);
    await cosClient(first, credential).putObject({ ...at(credential, 'kept'), Body: 'kept' });
    await first.close();
    const second = await openSandbox({ directory: first.objectsDirectory.replace(/objects$/, '') });
    expect(await second.listObjects()).toMatchObject([{ key: `${credential.scope}/kept`, size: 4 }]);
    expect(await readFile(second.objectPath(credential.bucket, `${credential.scope}/kept`), 'utf8')).toBe('kept');
  });
});

test('an object that is not there is a 404', async () => {
  const sandbox = await openSandbox();
  const credential = await msCredential(sandbox);
  const cos = cosClient(sandbox, credential);
  await expect(cos.headObject(at(credential, 'nothing'))).rejects.toMatchObject({ statusCode: 404 });
  await expect(cos.getObject(at(credential, 'nothing'))).rejects.toMatchObject({ statusCode: 404, code: 'NoSuchKey' });
});

describe('what is not stored', () => {
  test('is a body that differs from its Content-MD5, or a Content-MD5 that is none', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const put = (md5: string) => cosClient(sandbox, credential, { UploadCheckContentMd5: false })
      .putObject({ ...at(credential, 'a'), Body: 'abc', Headers: { 'Content-MD5': md5 } });
    await expect(put(createHash('md5').update('abd').digest('base64'))).rejects.toMatchObject({ statusCode: 400, code: 'BadDigest' });
    await expect(put('abc')).rejects.toMatchObject({ statusCode: 400, code: 'InvalidDigest' });
    expect(await sandbox.listObjects()).toEqual([]);
    await expect(put(createHash('md5').update('abc').digest('base64'))).resolves.toMatchObject({ statusCode: 200 });
  });

  test('is a key of more than 850 bytes, while 850 are good', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const key = (bytes: number) => `${credential.scope}/`.padEnd(bytes, 'k');
    const put = (Key: string) => cosClient(sandbox, credential).putObject({ ...at(credential, ''), Key, Body: 'abc' });
    await expect(put(key(851))).rejects.toMatchObject({ statusCode: 400, code: 'InvalidURI' });
    await put(key(850));
    expect(await readFile(sandbox.objectPath(credential.bucket, key(850)), 'utf8')).toBe('abc');
  });

  test('is a body of unknown length', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const key = `${credential.scope}/a`;
    const authorization = COS.getAuthorization({
      SecretId: credential.id, SecretKey: credential.key, Method: 'PUT', Key: key, Headers: { Host: new URL(sandbox.url).host },
    });
    const reply = await plainRequest(sandbox, {
      method: 'PUT', path: `/${key}`, body: Buffer.from('abc'),
      headers: { Authorization: authorization, 'x-cos-security-token': credential.token, 'Transfer-Encoding': 'chunked' },
    });
    expect([reply.status, codeOf(reply)]).toEqual([411, 'MissingContentLength']);
    expect(await sandbox.listObjects()).toEqual([]);
  });

  test('is anything at a subresource the sandbox does not have', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const reply = await signedRequest(sandbox, credential, { method: 'PUT', key: `${credential.scope}/a`, query: { acl: '' }, body: Buffer.from('abc') });
    expect([reply.status, codeOf(reply)]).toEqual([501, 'NotImplemented']);
    expect(await sandbox.listObjects()).toEqual([]);
  });
});

test('an error is COS’s document, with the same request id as the header', async () => {
  const sandbox = await openSandbox();
  const credential = await msCredential(sandbox);
  const key = `${credential.scope}/<&>.zip`;
  const reply = await signedRequest(sandbox, credential, { method: 'GET', key });
  expect(reply.status).toBe(404);
  expect(reply.headers['content-type']).toBe('application/xml');
  const requestId = reply.headers['x-cos-request-id'] as string;
  const { host } = new URL(sandbox.url);
  expect(reply.body).toMatch(/^<\?xml version="1\.0" encoding="UTF-8" \?>\n<Error><Code>NoSuchKey<\/Code><Message>.+<\/Message>/);
  expect(reply.body).toContain(`<Resource>${host}/${credential.scope}/%3C%26%3E.zip</Resource><RequestId>${requestId}</RequestId><TraceId>`);
});
