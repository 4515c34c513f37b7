import COS from 'cos-nodejs-sdk-v5';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Sandbox } from '../../main/sandbox/sandbox.ts';
import { beginUpload } from './sandbox-begin-upload.ts';
import { openSandbox, signedRequest } from './sandbox-clients.ts';
import type { Credential } from './sandbox-clients.ts';

const MIB = 1024 * 1024;

test('a body that breaks off leaves nothing behind', async () => {
  const sandbox = await openSandbox();
  const { credential, upload, object, list } = await beginUpload(sandbox);
  await cutShort(sandbox, credential, object.Key, { uploadId: upload.UploadId, partNumber: '1' });
  await vi.waitFor(() => expect(sandbox.requests().at(-1)).toMatchObject({ operation: 'UploadPart', status: 0 }));
  expect((await list()).Part).toEqual([]);
  expect(await readdir(join(sandbox.objectsDirectory, '..', 'incoming'))).toEqual([]);
});

test('a part that was on its way when its upload was given up leaves nothing behind', async () => {
  const sandbox = await openSandbox();
  const { credential, upload, object, abort } = await beginUpload(sandbox);
  const incoming = () => readdir(join(sandbox.objectsDirectory, '..', 'incoming'));
  const late = await partInTwoHalves(sandbox, credential, object.Key, { uploadId: upload.UploadId, partNumber: '1' });
  await vi.waitFor(async () => expect(await incoming()).toHaveLength(1));
  await abort();
  expect(await late.finish()).toBe(404);
  expect(await incoming()).toEqual([]);
  expect(await sandbox.listMultipartUploads()).toEqual([]);
});

test('closing breaks uploads off and leaves nothing half received', async () => {
  const sandbox = await openSandbox();
  const { credential, upload, object } = await beginUpload(sandbox);
  const lost = signedRequest(sandbox, credential, {
    method: 'PUT', key: object.Key, query: { uploadId: upload.UploadId, partNumber: '1' },
    headers: { 'Content-Length': String(9 * MIB) }, body: Buffer.alloc(0),
  }).then(() => 'answered', () => 'cut off');
  await vi.waitFor(async () => expect(await readdir(join(sandbox.objectsDirectory, '..', 'incoming'))).toHaveLength(1));
  await sandbox.close();
  expect(await lost).toBe('cut off');
  expect(await readdir(join(sandbox.objectsDirectory, '..', 'incoming'))).toEqual([]);
});

/** Sends the first half of a part; `finish` sends the rest and settles with the status. */
async function partInTwoHalves(sandbox: Sandbox, credential: Credential, key: string, query: Record<string, string>) {
  const { host } = new URL(sandbox.url);
  const authorization = COS.getAuthorization({
    SecretId: credential.id, SecretKey: credential.key, Method: 'PUT', Key: key, Query: query, Headers: { Host: host },
  });
  const sent = httpRequest(`${sandbox.url}/${key}?${new URLSearchParams(query)}`, {
    method: 'PUT', headers: { Authorization: authorization, 'x-cos-security-token': credential.token, 'Content-Length': 2 * MIB },
  });
  const status = new Promise<number>((resolve, reject) => {
    sent.on('response', (res) => { res.resume(); resolve(res.statusCode ?? 0); });
    sent.on('error', reject);
  });
  await new Promise<void>((resolve) => void sent.write(Buffer.alloc(MIB), () => resolve()));
  return { finish: () => { sent.end(Buffer.alloc(MIB)); return status; } };
}

/** Sends the head and half of a body, then ends the connection. */
async function cutShort(sandbox: Sandbox, credential: Credential, key: string, query: Record<string, string>): Promise<void> {
  const { hostname, port, host } = new URL(sandbox.url);
  const authorization = COS.getAuthorization({
    SecretId: credential.id, SecretKey: credential.key, Method: 'PUT', Key: key, Query: query, Headers: { Host: host },
  });
  const head = [
    `PUT /${key}?${new URLSearchParams(query)} HTTP/1.1`, `Host: ${host}`, 'Content-Length: 2000000',
    `Authorization: ${authorization}`, `x-cos-security-token: ${credential.token}`, '', '',
  ].join('\r\n');
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(head);
      socket.write(Buffer.alloc(1_000_000), () => socket.destroy());
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
}
