import type { IncomingHttpHeaders } from 'node:http';
import type { HttpReply } from '../http-agents.ts';
import type { HeldPart, StoredObject, StoredPart } from './object-store.ts';

/** What is read of COS's documents, by root element; every value a string. */
export interface CosDocument {
  /** Complete can answer 200 and fail all the same. */
  readonly Error?: { readonly Code?: string; readonly Message?: string; readonly RequestId?: string };
  readonly InitiateMultipartUploadResult?: { readonly UploadId?: string };
  readonly CompleteMultipartUploadResult?: { readonly ETag?: string };
  readonly ListPartsResult?: ListPartsResult;
}

interface ListPartsResult {
  readonly Part?: readonly { readonly PartNumber?: string; readonly ETag?: string; readonly Size?: string }[];
  readonly IsTruncated?: string;
  readonly NextPartNumberMarker?: string;
}

export interface CosReply {
  readonly status: number;
  /** Empty where there is none, or one that was cut short. */
  readonly document: CosDocument;
  readonly etag: string | undefined;
  readonly crc64: string | undefined;
  readonly contentLength: string | undefined;
  readonly requestId: string | undefined;
  readonly date: string | undefined;
}

/** Never throws: whatever answered instead of COS, it is a reply with nothing in it. */
export async function readReply({ status, headers, text }: HttpReply): Promise<CosReply> {
  return {
    status,
    document: text.trim() === '' ? {} : await readDocument(text.trim()),
    etag: one(headers, 'etag'),
    crc64: one(headers, 'x-cos-hash-crc64ecma'),
    contentLength: one(headers, 'content-length'),
    requestId: one(headers, 'x-cos-request-id'),
    date: one(headers, 'date'),
  };
}

async function readDocument(text: string): Promise<CosDocument> {
  // Most replies have no document.
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  try {
    if (XMLValidator.validate(text) !== true) return {};
    const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, isArray: (name) => name === 'Part' });
    const parsed: unknown = parser.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function one(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function heldParts({ Part = [] }: ListPartsResult): readonly HeldPart[] {
  return Part.map((part) => ({ partNumber: Number(part.PartNumber), etag: unquoted(part.ETag), size: Number(part.Size) }));
}

export function storedObject(reply: CosReply, etag: string | undefined): StoredObject {
  return { etag: unquoted(etag), crc64: reply.crc64 ?? null, requestId: reply.requestId ?? '' };
}

export function unquoted(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}

/** The body of Complete Multipart Upload. ETags are MD5s in hex, so nothing needs escaping. */
export function completeDocument(parts: readonly StoredPart[]): string {
  const list = parts.map(({ partNumber, etag }) => `<Part><PartNumber>${partNumber}</PartNumber><ETag>"${etag}"</ETag></Part>`);
  return `<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`;
}
