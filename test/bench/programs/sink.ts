import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Expected } from '../data.ts';
import { droppingServer, type DroppedRequest, type Reply } from './dropping-server.ts';
import { answerApi } from './sink-api.ts';
import { Multipart } from './sink-multipart.ts';

/**
 * COS, S3 and API 3.0 as far as uploads go, for measuring and nothing else: takes any signature,
 * counts bytes and drops them, and computes no checksum, which would cost as much as the client's.
 * ETags are the `Content-MD5` that came with the bytes. An object's CRC64 is the one that the
 * benchmark knows of its own data, and is told only for an object of the right size.
 *
 * Arguments: the address to listen on, and a JSON file of what is expected by key below the prefix.
 * Prints its port. Ends with its standard input, so that it never outlives the benchmark.
 */
interface Stored {
  readonly bytes: number;
  readonly etag: string;
  readonly meta: Readonly<Record<string, string>>;
}

const [address = '127.0.0.1', expectedFile = ''] = process.argv.slice(2);
const expected = new Map(Object.entries(JSON.parse(readFileSync(expectedFile, 'utf8')) as Record<string, Expected>));
const objects = new Map<string, Stored>();
const uploads = new Map<string, Multipart>();

const server = droppingServer((request) => {
  if (request.headers['x-tc-action'] !== undefined) return answerApi(request);
  const { headers, ...reply } = answer(request);
  return { ...reply, headers: { 'x-cos-request-id': 'bench', ...headers } };
});

function answer({ method, url: target, headers, bytes }: DroppedRequest): Reply {
  const url = new URL(target, 'http://sink');
  const path = url.pathname;
  const query = url.searchParams;
  switch (method) {
    case 'PUT': {
      const stated = headers['content-md5'];
      const md5 = stated === undefined ? Buffer.alloc(16) : Buffer.from(stated, 'base64');
      const upload = uploads.get(query.get('uploadId') ?? '');
      if (!upload) return store(path, { bytes, etag: md5.toString('hex'), meta: metaOf(headers) });
      upload.take(Number(query.get('partNumber')), bytes, md5);
      return { headers: { ETag: `"${md5.toString('hex')}"` } };
    }
    case 'POST': {
      if (query.has('uploads')) {
        const id = randomBytes(8).toString('hex');
        uploads.set(id, new Multipart(metaOf(headers)));
        return xml(`<InitiateMultipartUploadResult><Bucket>bench</Bucket><Key>${escape(path.slice(1))}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
      }
      const upload = uploads.get(query.get('uploadId') ?? '');
      if (!upload) return { status: 404 };
      const etag = upload.etag();
      uploads.delete(query.get('uploadId') ?? '');
      const stored = store(path, { bytes: upload.bytes, etag, meta: upload.meta });
      if (stored.status !== undefined) return stored;
      const said = xml(`<CompleteMultipartUploadResult><Location>http://sink${escape(path)}</Location><Bucket>bench</Bucket><Key>${escape(path.slice(1))}</Key><ETag>"${etag}"</ETag></CompleteMultipartUploadResult>`);
      return { ...said, headers: { ...said.headers, ...stored.headers } };
    }
    case 'HEAD': {
      const object = objects.get(path);
      if (!object) return isBucket(path) ? {} : { status: 404 };
      const { crc64 } = expected.get(nameOf(path)) ?? {};
      return {
        headers: {
          'Content-Length': object.bytes, ETag: `"${object.etag}"`, 'Last-Modified': new Date().toUTCString(), ...object.meta,
          ...(crc64 === undefined ? {} : { 'x-cos-hash-crc64ecma': crc64 }),
        },
      };
    }
    case 'DELETE':
      uploads.delete(query.get('uploadId') ?? '');
      return { status: 204 };
    default:
      // Lists, of parts and uploads and objects: a benchmark begins with nothing.
      if (query.has('uploads')) return xml('<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>');
      if (query.has('uploadId')) return xml('<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>');
      return xml('<ListBucketResult><Name>bench</Name><IsTruncated>false</IsTruncated></ListBucketResult>');
  }
}

/** Refuses an object that is not of the size it must have. */
function store(path: string, object: Stored): Reply {
  const known = expected.get(nameOf(path));
  if (known && known.bytes !== object.bytes) return { status: 400 };
  objects.set(path, object);
  return { headers: { ETag: `"${object.etag}"`, ...(known ? { 'x-cos-hash-crc64ecma': known.crc64 } : {}) } };
}

/** The key below the prefix `bench`, or below a run's own, `bench/run-…`. */
function nameOf(path: string): string {
  return decodeURIComponent(/\/bench\/(?:run-[^/]*\/)?(.*)$/.exec(path)?.[1] ?? '');
}

function isBucket(path: string): boolean {
  return !/[^/]\/./.test(path.slice(1));
}

function metaOf(headers: DroppedRequest['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-')));
}

function xml(document: string): Reply {
  return { headers: { 'Content-Type': 'application/xml' }, body: `<?xml version="1.0" encoding="UTF-8"?>${document}` };
}

function escape(text: string): string {
  return decodeURIComponent(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

server.listen(0, address, () => { process.stdout.write(`${(server.address() as AddressInfo).port}\n`); });
process.stdin.resume().once('end', () => { process.exit(); });
