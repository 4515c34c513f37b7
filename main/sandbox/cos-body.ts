import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { CosError } from './cos-error.ts';
import { readSmallBody } from './http-request.ts';
import { receiveFile } from './receive-file.ts';
import type { ReceivedFile } from './receive-file.ts';

const MAX_BYTES = 5 * 1024 ** 3;
const MIN_TRAFFIC_LIMIT_BITS = 819200;
const MAX_TRAFFIC_LIMIT_BITS = 838860800;

/**
 * Receives the bytes of a part or an object into a file, held against Content-MD5.
 * Throws `MissingContentLength`, `EntityTooLarge`, `InvalidDigest`, `BadDigest` or `InvalidArgument`, and leaves no file then.
 */
export async function receiveBody(req: IncomingMessage, path: string): Promise<ReceivedFile> {
  const length = contentLengthOf(req);
  const stated = statedMd5(req);
  checkTrafficLimit(req.headers['x-cos-traffic-limit']);
  if (length > MAX_BYTES) throw new CosError('EntityTooLarge');
  // Without `destroyOnReturn: false` a full disk would end the connection before COS's answer could be sent.
  const file = await receiveFile(req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>, path);
  if (stated !== null && !stated.equals(file.md5)) {
    await rm(path, { force: true });
    throw new CosError('BadDigest');
  }
  return file;
}

/** Reads a document of at most `maxBytes`, held against Content-MD5; throws `XMLSizeLimit` or as `receiveBody` does. */
export async function receiveDocument(req: IncomingMessage, maxBytes: number): Promise<string> {
  contentLengthOf(req);
  const stated = statedMd5(req);
  const body = await readSmallBody(req, maxBytes);
  if (body === null) throw new CosError('XMLSizeLimit');
  if (stated !== null && !stated.equals(createHash('md5').update(body).digest())) throw new CosError('BadDigest');
  return body.toString('utf8');
}

function contentLengthOf(req: IncomingMessage): number {
  const header = req.headers['content-length'];
  if (header === undefined) throw new CosError('MissingContentLength');
  return Number(header);
}

function statedMd5(req: IncomingMessage): Buffer | null {
  const header = req.headers['content-md5'];
  if (header === undefined) return null;
  const md5 = Buffer.from(String(header), 'base64');
  if (md5.length !== 16 || md5.toString('base64') !== header) throw new CosError('InvalidDigest');
  return md5;
}

function checkTrafficLimit(header: string | string[] | undefined): void {
  if (header === undefined) return;
  const bitsPerSecond = /^\d+$/.test(String(header)) ? Number(header) : 0;
  if (bitsPerSecond < MIN_TRAFFIC_LIMIT_BITS || bitsPerSecond > MAX_TRAFFIC_LIMIT_BITS) {
    throw new CosError('InvalidArgument', `x-cos-traffic-limit must be between ${MIN_TRAFFIC_LIMIT_BITS} and ${MAX_TRAFFIC_LIMIT_BITS}.`);
  }
}
