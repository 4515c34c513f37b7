import type COS from 'cos-nodejs-sdk-v5';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createCrc64 } from '../../main/transfer/crc64.ts';
import { beginUpload } from './sandbox-begin-upload.ts';
import { codeOf, cosClient, openSandbox, signedRequest } from './sandbox-clients.ts';

const MIB = 1024 * 1024;
const quotedMd5 = (bytes: Buffer) => `"${createHash('md5').update(bytes).digest('hex')}"`;

const stated = (parts: readonly Buffer[]): COS.Part[] => parts.map((part, index) => ({ PartNumber: index + 1, ETag: quotedMd5(part) }));

describe('a multipart upload by the SDK', () => {
  test('becomes the object, whatever order the parts came in', async () => {
    const sandbox = await openSandbox();
    const { send, complete, stored, object } = await beginUpload(sandbox);
    const parts = [randomBytes(MIB), randomBytes(2 * MIB + 3), randomBytes(MIB), randomBytes(17)];
    for (const number of [3, 1, 4, 2]) {
      const reply = await send(number, parts[number - 1]!);
      expect(reply.ETag).toBe(quotedMd5(parts[number - 1]!));
      const crc64 = await createCrc64();
      crc64.update(parts[number - 1]!);
      expect(reply.headers?.['x-cos-hash-crc64ecma']).toBe(crc64.digestDecimal());
    }
    expect(await sandbox.listObjects()).toEqual([]);
    const done = await complete(stated(parts));

    const bytes = Buffer.concat(parts);
    const crc64 = await createCrc64();
    crc64.update(bytes);
    const md5s = createHash('md5');
    for (const part of parts) md5s.update(createHash('md5').update(part).digest());
    expect(done).toMatchObject({ Bucket: object.Bucket, Key: object.Key, ETag: `"${md5s.digest('hex')}-4"` });
    expect(done.headers?.['x-cos-hash-crc64ecma']).toBe(crc64.digestDecimal());
    expect((await stored()).equals(bytes)).toBe(true);
    expect(await sandbox.listMultipartUploads()).toEqual([]);
  });

  test('takes parts side by side', async () => {
    const { send, complete, stored } = await beginUpload(await openSandbox());
    const parts = Array.from({ length: 12 }, () => randomBytes(MIB));
    await Promise.all(parts.map((part, index) => send(index + 1, part)));
    await complete(stated(parts));
    expect((await stored()).equals(Buffer.concat(parts))).toBe(true);
  });

  test('uses the part that was sent last where one was sent twice', async () => {
    const { send, complete, stored, list } = await beginUpload(await openSandbox());
    const [earlier, later] = [randomBytes(MIB), randomBytes(MIB)];
    await send(1, earlier);
    await send(1, later);
    expect((await list()).Part).toMatchObject([{ PartNumber: '1', ETag: quotedMd5(later) }]);
    await expect(complete(stated([earlier]))).rejects.toMatchObject({ code: 'InvalidPart' });
    await complete(stated([later]));
    expect((await stored()).equals(later)).toBe(true);
  });

  test('can be given up, which takes its parts away', async () => {
    const sandbox = await openSandbox();
    const { send, abort, list, complete } = await beginUpload(sandbox);
    const part = randomBytes(MIB);
    await send(1, part);
    expect((await abort()).statusCode).toBe(204);
    await expect(list()).rejects.toMatchObject({ statusCode: 404, code: 'NoSuchUpload' });
    await expect(send(2, part)).rejects.toMatchObject({ statusCode: 404, code: 'NoSuchUpload' });
    await expect(complete(stated([part]))).rejects.toMatchObject({ statusCode: 404, code: 'NoSuchUpload' });
    await expect(abort()).rejects.toMatchObject({ statusCode: 404, code: 'NoSuchUpload' });
    expect(await readdir(join(sandbox.objectsDirectory, '..', 'multipart'))).toEqual([]);
    expect(await sandbox.listObjects()).toEqual([]);
  });

  test('goes on after a restart', async () => {
    const first = await openSandbox({ rotateScopes: false });
    const begun = await beginUpload(first);
    const parts = [randomBytes(MIB), randomBytes(5)];
    await begun.send(1, randomBytes(MIB));
    await begun.send(1, parts[0]!);
    await first.close();
    // As if the process had ended before it removed the part that was replaced.
    const folder = join(first.objectsDirectory, '..', 'multipart', begun.upload.UploadId);
    for (const [index, letter] of ['a', 'f'].entries()) {
      const leftover = join(folder, `00001-${letter.repeat(32)}-${letter.repeat(8)}`);
      await writeFile(leftover, 'old');
      await utimes(leftover, 1000 + index, 1000 + index);
    }

    const second = await openSandbox({ directory: join(first.objectsDirectory, '..') })
    const [upload] = await second.listMultipartUploads();
    expect(upload).toMatchObject({ uploadId: begun.upload.UploadId, bucket: begun.object.Bucket, key: begun.object.Key });
    expect([...upload!.parts.values()]).toMatchObject([{ number: 1, size: MIB, md5: createHash('md5').update(parts[0]!).digest('hex') }]);
  });
});

describe('a Complete is refused', () => {
  async function uploaded(parts: readonly Buffer[]) {
    const begun = await beginUpload(await openSandbox());
    for (const [index, part] of parts.entries()) await begun.send(index + 1, part);
    return begun;
  }

  test('where a part is missing, unknown or another than stated, and can be made good', async () => {
    const parts = [randomBytes(MIB), randomBytes(MIB), randomBytes(9)];
    const { complete, send, stored } = await uploaded(parts.slice(0, 2));
    const [one, two, three] = stated(parts) as [COS.Part, COS.Part, COS.Part];
    await expect(complete([one, two, three])).rejects.toMatchObject({ statusCode: 400, code: 'InvalidPart' });
    await expect(complete([one, { ...two, ETag: one.ETag }])).rejects.toMatchObject({ statusCode: 400, code: 'InvalidPart' });
    await expect(complete([two])).rejects.toMatchObject({ statusCode: 400, code: 'InvalidPart' });
    await send(3, parts[2]!);
    await complete([one, two, three]);
    expect((await stored()).equals(Buffer.concat(parts))).toBe(true);
  });

  test('where the parts do not ascend', async () => {
    const parts = [randomBytes(MIB), randomBytes(MIB)];
    const { complete } = await uploaded(parts);
    const [one, two] = stated(parts) as [COS.Part, COS.Part];
    await expect(complete([two, one])).rejects.toMatchObject({ statusCode: 400, code: 'InvalidPartOrder' });
    await expect(complete([one, one])).rejects.toMatchObject({ statusCode: 400, code: 'InvalidPartOrder' });
  });

  test('where any part but the last is below one megabyte', async () => {
    const parts = [randomBytes(MIB - 1), randomBytes(MIB)];
    const { complete } = await uploaded(parts);
    await expect(complete(stated(parts))).rejects.toMatchObject({ statusCode: 400, code: 'EntityTooSmall' });
  });

  test.each([
    ['is not XML', '<CompleteMultipartUpload><Part>'],
    ['breaks off', '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"a"</ETag></Part>'],
    ['names no part', '<CompleteMultipartUpload></CompleteMultipartUpload>'],
    ['is another document', '<Part><PartNumber>1</PartNumber><ETag>"a"</ETag></Part>'],
    ['has a number that is none', '<CompleteMultipartUpload><Part><PartNumber>one</PartNumber><ETag>"a"</ETag></Part></CompleteMultipartUpload>'],
  ])('where the body %s', async (_name, body) => {
    const sandbox = await openSandbox();
    const { credential, object, upload } = await beginUpload(sandbox);
    const reply = await signedRequest(sandbox, credential, { method: 'POST', key: object.Key, query: { uploadId: upload.UploadId }, body: Buffer.from(body) });
    expect([reply.status, codeOf(reply)]).toEqual([400, 'MalformedXML']);
  });
});

test('a Complete may name ten thousand parts', async () => {
  const { send, complete } = await beginUpload(await openSandbox());
  const part = randomBytes(3);
  await send(1, part);
  const parts = Array.from({ length: 10_000 }, (_, index) => ({ PartNumber: index + 1, ETag: quotedMd5(part) }));
  // Read in full, and refused only for what is true of it.
  await expect(complete(parts)).rejects.toMatchObject({ code: 'InvalidPart' });
  await expect(complete([...parts, { PartNumber: 10_001, ETag: quotedMd5(part) }])).rejects.toMatchObject({ code: 'MalformedXML' });
});

test('of two Completes at once exactly one makes the object', async () => {
  const sandbox = await openSandbox();
  const { send, complete, stored } = await beginUpload(sandbox);
  const parts = [randomBytes(MIB), randomBytes(MIB)];
  for (const [index, part] of parts.entries()) await send(index + 1, part);
  const outcomes = await Promise.all([1, 2].map(() => complete(stated(parts)).then(() => 'done', (error: { code: string }) => error.code)));
  expect(outcomes.sort()).toEqual(['NoSuchUpload', 'done']);
  expect((await stored()).equals(Buffer.concat(parts))).toBe(true);
});

describe('ListParts', () => {
  test('pages through the parts in order', async () => {
    const { send, list } = await beginUpload(await openSandbox());
    for (const number of [5, 2, 9, 1, 3]) await send(number, Buffer.from(`part ${number}`));
    const first = await list({ MaxParts: 2 });
    expect(first).toMatchObject({ IsTruncated: 'true', NextPartNumberMarker: '2', MaxParts: '2', Part: [{ PartNumber: '1' }, { PartNumber: '2', Size: '6', ETag: quotedMd5(Buffer.from('part 2')) }] });
    const second = await list({ MaxParts: 2, PartNumberMarker: first.NextPartNumberMarker });
    expect(second).toMatchObject({ IsTruncated: 'true', NextPartNumberMarker: '5', Part: [{ PartNumber: '3' }, { PartNumber: '5' }] });
    const last = await list({ MaxParts: 2, PartNumberMarker: second.NextPartNumberMarker });
    expect(last).toMatchObject({ IsTruncated: 'false', Part: [{ PartNumber: '9' }] });
    expect(last).not.toHaveProperty('NextPartNumberMarker');
  });

  test('never answers more than a thousand at once', async () => {
    const { send, list } = await beginUpload(await openSandbox());
    for (let start = 1; start <= 1001; start += 50) {
      await Promise.all(Array.from({ length: Math.min(50, 1002 - start) }, (_, index) => send(start + index, Buffer.from('x'))));
    }
    const page = await list({ MaxParts: 5000 });
    expect(page).toMatchObject({ MaxParts: '1000', IsTruncated: 'true', NextPartNumberMarker: '1000' });
    expect(page.Part).toHaveLength(1000);
  });

  test('answers an upload of no parts with none', async () => {
    const { list } = await beginUpload(await openSandbox());
    expect(await list()).toMatchObject({ IsTruncated: 'false', Part: [] });
  });

  test('gives names that need escaping back as they were', async () => {
    const name = 'a & b <"渡船">.zip';
    const { list, object } = await beginUpload(await openSandbox(), name);
    expect((await list()).Key).toBe(object.Key);
  });
});

test.each([0, 10_001, -1])('part number %i is refused', async (number) => {
  const { send } = await beginUpload(await openSandbox());
  await expect(send(number, Buffer.from('x'))).rejects.toMatchObject({ statusCode: 400, code: 'InvalidArgument' });
});

test('a part that differs from its Content-MD5 is not stored', async () => {
  const sandbox = await openSandbox();
  const { credential, upload, list } = await beginUpload(sandbox);
  const bad = { ...upload, PartNumber: 1, Body: Buffer.from('abc'), Headers: { 'Content-MD5': createHash('md5').update('abd').digest('base64') } };
  await expect(cosClient(sandbox, credential, { UploadCheckContentMd5: false }).multipartUpload(bad)).rejects.toMatchObject({ statusCode: 400, code: 'BadDigest' });
  expect((await list()).Part).toEqual([]);
});

test('an upload id is good for its own object only', async () => {
  const { cos, upload, object } = await beginUpload(await openSandbox());
  await expect(cos.multipartUpload({ ...upload, Key: `${object.Key}.other`, PartNumber: 1, Body: Buffer.from('x') })).rejects.toMatchObject({ code: 'NoSuchUpload' });
  await expect(cos.multipartAbort({ ...upload, UploadId: '../../objects' })).rejects.toMatchObject({ code: 'NoSuchUpload' });
});
