import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Expected } from '../data.ts';
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

const server = createServer({ keepAlive: true }, (req, res) => {
  let bytes = 0;
  let md5 = Buffer.alloc(16);
  const stated = req.headers['content-md5'];
  if (typeof stated === 'string') md5 = Buffer.from(stated, 'base64');
  if (req.headers['x-tc-action']) {
    req.resume().once('end', () => { answerApi(req, res); });
    return;
  }
  req.on('data', (chunk: Buffer) => { bytes += chunk.length; });
  req.once('end', () => { answer(req, res, bytes, md5); });
});
server.requestTimeout = 0;
server.keepAliveTimeout = 60_000;

function answer(req: IncomingMessage, res: ServerResponse, bytes: number, md5: Buffer): void {
  const url = new URL(req.url ?? '/', 'http://sink');
  const path = url.pathname;
  const query = url.searchParams;
  res.setHeader('x-cos-request-id', 'bench');
  switch (req.method) {
    case 'PUT': {
      const upload = uploads.get(query.get('uploadId') ?? '');
      if (upload) {
        upload.take(Number(query.get('partNumber')), bytes, md5);
        res.setHeader('ETag', `"${md5.toString('hex')}"`).end();
        return;
      }
      store(res, path, { bytes, etag: md5.toString('hex'), meta: metaOf(req) });
      res.end();
      return;
    }
    case 'POST': {
      if (query.has('uploads')) {
        const id = randomBytes(8).toString('hex');
        uploads.set(id, new Multipart(metaOf(req)));
        xml(res, `<InitiateMultipartUploadResult><Bucket>bench</Bucket><Key>${escape(path.slice(1))}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
        return;
      }
      const upload = uploads.get(query.get('uploadId') ?? '');
      if (!upload) return void res.writeHead(404).end();
      const etag = upload.etag();
      uploads.delete(query.get('uploadId') ?? '');
      if (!store(res, path, { bytes: upload.bytes, etag, meta: upload.meta })) return void res.end();
      xml(res, `<CompleteMultipartUploadResult><Location>http://sink${escape(path)}</Location><Bucket>bench</Bucket><Key>${escape(path.slice(1))}</Key><ETag>"${etag}"</ETag></CompleteMultipartUploadResult>`);
      return;
    }
    case 'HEAD': {
      const object = objects.get(path);
      if (!object && !isBucket(path)) return void res.writeHead(404).end();
      if (object) {
        const { crc64 } = expected.get(nameOf(path)) ?? {};
        res.writeHead(200, {
          'Content-Length': object.bytes, ETag: `"${object.etag}"`, 'Last-Modified': new Date().toUTCString(), ...object.meta,
          ...(crc64 === undefined ? {} : { 'x-cos-hash-crc64ecma': crc64 }),
        });
      }
      return void res.end();
    }
    case 'DELETE':
      uploads.delete(query.get('uploadId') ?? '');
      return void res.writeHead(204).end();
    default:
      // Lists, of parts and uploads and objects: a benchmark begins with nothing.
      if (query.has('uploads')) xml(res, '<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>');
      else if (query.has('uploadId')) xml(res, '<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>');
      else xml(res, '<ListBucketResult><Name>bench</Name><IsTruncated>false</IsTruncated></ListBucketResult>');
  }
}

/** False where the object is not of the size it must have: then that is the answer. */
function store(res: ServerResponse, path: string, object: Stored): boolean {
  const known = expected.get(nameOf(path));
  if (known && known.bytes !== object.bytes) {
    res.statusCode = 400;
    return false;
  }
  objects.set(path, object);
  if (known) res.setHeader('x-cos-hash-crc64ecma', known.crc64);
  res.setHeader('ETag', `"${object.etag}"`);
  return true;
}

/** The key below the prefix `bench`, or below a run's own, `bench/run-…`. */
function nameOf(path: string): string {
  return decodeURIComponent(/\/bench\/(?:run-[^/]*\/)?(.*)$/.exec(path)?.[1] ?? '');
}

function isBucket(path: string): boolean {
  return !/[^/]\/./.test(path.slice(1));
}

function metaOf(req: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(req.headers).flatMap(([name, value]) => name.startsWith('x-amz-meta-') && typeof value === 'string' ? [[name, value]] : []));
}

function xml(res: ServerResponse, document: string): void {
  res.setHeader('Content-Type', 'application/xml').end(`<?xml version="1.0" encoding="UTF-8"?>${document}`);
}

function escape(text: string): string {
  return decodeURIComponent(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

server.listen(0, address, () => { process.stdout.write(`${(server.address() as AddressInfo).port}\n`); });
process.stdin.resume().once('end', () => { process.exit(); });
