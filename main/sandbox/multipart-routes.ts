import { rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { readCompleteDocument } from './complete-document.ts';
import type { CosContext, CosRoute } from './cos-context.ts';
import type { CosOperation } from './cos-operation.ts';
import { receiveBody, receiveDocument } from './cos-body.ts';
import { CosError } from './cos-error.ts';
import { cosEncode } from './cos-verify.ts';
import { toXml } from './xml-document.ts';
import type { XmlValue } from './xml-document.ts';

const MAX_PARTS = 10_000;
const MAX_LISTED = 1000;
const MAX_COMPLETE_BYTES = 2 * 1024 * 1024;
const OWNER = { ID: '1250000000', DisplayName: '1250000000' };

type MultipartOperation = Exclude<CosOperation, 'PutObject' | 'HeadObject' | 'GetObject'>;

/** The operations of a multipart upload. */
export function multipartRoutes({ objects, uploads, now }: CosContext): Record<MultipartOperation, CosRoute> {
  return {
    async InitiateMultipartUpload({ res, request, key }) {
      const uploadId = await uploads.initiate({
        bucket: key.bucket, key: request.key, initiatedAtMs: now(),
        contentType: request.headers['content-type'] || 'application/octet-stream',
      });
      sendXml(res, 'InitiateMultipartUploadResult', { Bucket: key.bucket, Key: request.key, UploadId: uploadId });
    },

    async UploadPart({ req, res, request, key }) {
      const upload = uploads.find(request.query.get('uploadId') ?? '', key.bucket, request.key);
      const number = integer(request.query, 'partNumber', 0);
      if (number < 1 || number > MAX_PARTS) throw new CosError('InvalidArgument', `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive.`);
      const file = await receiveBody(req, objects.incomingPath());
      try {
        await uploads.addPart(upload, number, file, now());
      } finally {
        await rm(file.path, { force: true });
      }
      res.writeHead(200, { 'Content-Length': 0, ETag: `"${file.md5.toString('hex')}"`, 'x-cos-hash-crc64ecma': file.crc64 });
      res.end();
    },

    async ListParts({ res, request: { query, key: objectKey }, key }) {
      const upload = uploads.find(query.get('uploadId') ?? '', key.bucket, objectKey);
      const marker = integer(query, 'part-number-marker', 0);
      const maxParts = Math.min(integer(query, 'max-parts', MAX_LISTED), MAX_LISTED);
      const later = [...upload.parts.values()].filter((part) => part.number > marker).sort((a, b) => a.number - b.number);
      const page = later.slice(0, maxParts);
      const truncated = later.length > page.length;
      const last = page.at(-1);
      sendXml(res, 'ListPartsResult', {
        Bucket: upload.bucket,
        'Encoding-type': encodingType(query),
        Key: encodeKey(upload.key, query),
        UploadId: upload.uploadId,
        Owner: OWNER,
        PartNumberMarker: marker,
        Initiator: OWNER,
        Part: page.map((part) => ({
          PartNumber: part.number,
          LastModified: new Date(part.lastModifiedMs).toISOString(),
          ETag: `"${part.md5}"`,
          Size: part.size,
        })),
        StorageClass: 'STANDARD',
        ...(truncated && last !== undefined ? { NextPartNumberMarker: last.number } : {}),
        MaxParts: maxParts,
        IsTruncated: truncated,
      });
    },

    async CompleteMultipartUpload({ req, res, request, key }) {
      const upload = uploads.find(request.query.get('uploadId') ?? '', key.bucket, request.key);
      const stated = readCompleteDocument(await receiveDocument(req, MAX_COMPLETE_BYTES));
      const object = await uploads.complete(upload, stated, objects, now());
      res.setHeader('x-cos-hash-crc64ecma', object.crc64);
      sendXml(res, 'CompleteMultipartUploadResult', {
        Location: `http://${request.resource}`,
        Bucket: object.bucket,
        Key: object.key,
        ETag: `"${object.etag}"`,
      });
    },

    async AbortMultipartUpload({ res, request, key }) {
      await uploads.abort(uploads.find(request.query.get('uploadId') ?? '', key.bucket, request.key));
      res.writeHead(204);
      res.end();
    },

    async ListMultipartUploads({ res, request: { query }, key }) {
      if (query.get('delimiter')) throw new CosError('NotImplemented');
      const prefix = query.get('prefix') ?? '';
      const maxUploads = Math.min(integer(query, 'max-uploads', MAX_LISTED), MAX_LISTED);
      const [keyMarker, idMarker] = [query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
      const later = uploads.list()
        .filter((upload) => upload.bucket === key.bucket && upload.key.startsWith(prefix))
        .filter((upload) => upload.key > keyMarker || (upload.key === keyMarker && idMarker !== '' && upload.uploadId > idMarker))
        .sort((a, b) => compare(a.key, b.key) || compare(a.uploadId, b.uploadId));
      const page = later.slice(0, maxUploads);
      const last = page.at(-1);
      const truncated = later.length > page.length;
      sendXml(res, 'ListMultipartUploadsResult', {
        Bucket: key.bucket,
        'Encoding-Type': encodingType(query),
        KeyMarker: keyMarker,
        UploadIdMarker: idMarker,
        MaxUploads: maxUploads,
        Prefix: prefix,
        IsTruncated: truncated,
        ...(truncated && last !== undefined ? { NextKeyMarker: last.key, NextUploadIdMarker: last.uploadId } : {}),
        Upload: page.map((upload) => ({
          Key: encodeKey(upload.key, query),
          UploadId: upload.uploadId,
          StorageClass: 'STANDARD',
          Initiator: OWNER,
          Owner: OWNER,
          Initiated: new Date(upload.initiatedAtMs).toISOString(),
        })),
      });
    },
  };
}

function sendXml(res: ServerResponse, root: string, value: XmlValue): void {
  const body = toXml(root, value);
  res.writeHead(200, { 'Content-Type': 'application/xml', 'Content-Length': Buffer.byteLength(body) });
  res.end(body);
}

function integer(query: ReadonlyMap<string, string>, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new CosError('InvalidArgument', `${name} must be a whole number.`);
  return Number(text);
}

const encodingType = (query: ReadonlyMap<string, string>): string => (query.get('encoding-type') === 'url' ? 'url' : '');
const encodeKey = (key: string, query: ReadonlyMap<string, string>): string => (encodingType(query) === 'url' ? cosEncode(key) : key);
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
