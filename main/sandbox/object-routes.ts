import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { CosContext, CosRoute } from './cos-context.ts';
import { receiveBody } from './cos-body.ts';
import { CosError } from './cos-error.ts';
import type { StoredObject } from './object-files.ts';

/** PUT, HEAD and GET Object. */
export function objectRoutes({ objects, now }: CosContext): Record<'PutObject' | 'HeadObject' | 'GetObject', CosRoute> {
  async function findObject(bucket: string, key: string): Promise<StoredObject> {
    const object = await objects.find(bucket, key);
    if (object === null) throw new CosError('NoSuchKey');
    return object;
  }

  return {
    async PutObject({ req, res, request, key }) {
      const file = await receiveBody(req, objects.incomingPath());
      const etag = file.md5.toString('hex');
      await objects.commit({
        bucket: key.bucket, key: request.key, size: file.size, etag, crc64: file.crc64,
        contentType: request.headers['content-type'] || 'application/octet-stream', lastModifiedMs: now(),
      }, file.path);
      res.writeHead(200, { 'Content-Length': 0, ETag: `"${etag}"`, 'x-cos-hash-crc64ecma': file.crc64 });
      res.end();
    },

    async HeadObject({ res, request, key }) {
      res.writeHead(200, objectHeaders(await findObject(key.bucket, request.key)));
      res.end();
    },

    async GetObject({ res, request, key }) {
      const object = await findObject(key.bucket, request.key);
      res.writeHead(200, objectHeaders(object));
      await pipeline(createReadStream(objects.path(object.bucket, object.key)), res);
    },
  };
}

function objectHeaders(object: StoredObject): Record<string, string | number> {
  return {
    'Content-Type': object.contentType,
    'Content-Length': object.size,
    ETag: `"${object.etag}"`,
    'Last-Modified': new Date(object.lastModifiedMs).toUTCString(),
    'x-cos-hash-crc64ecma': object.crc64,
  };
}
