import type { IncomingHttpHeaders } from 'node:http';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
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
  readonly etag?: string;
  readonly crc64?: string;
  readonly contentLength?: string;
  readonly requestId?: string;
  readonly date?: string;
}

const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, isArray: (name) => name === 'Part' });

/** Never throws: whatever answered instead of COS, it is a reply with nothing in it. */
export function readReply({ status, headers, text }: HttpReply): CosReply {
  const requestId = one(headers, 'x-cos-request-id');
  return {
    status,
    document: readDocument(text),
    ...pick('etag', one(headers, 'etag')),
    ...pick('crc64', one(headers, 'x-cos-hash-crc64ecma')),
    ...pick('contentLength', one(headers, 'content-length')),
    ...pick('requestId', requestId),
    ...pick('date', one(headers, 'date')),
  };
}

function readDocument(text: string): CosDocument {
  const trimmed = text.trim();
  if (trimmed === '') return {};
  try {
    if (XMLValidator.validate(trimmed) !== true) return {};
    const parsed: unknown = parser.parse(trimmed);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

function one(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function pick<K extends string>(name: K, value: string | undefined): { readonly [N in K]?: string } {
  return value === undefined ? {} : { [name]: value } as { readonly [N in K]: string };
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
