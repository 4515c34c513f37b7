import type { Readable } from 'node:stream';
import COS from 'cos-nodejs-sdk-v5';
import { bodyStream } from './body-stream.ts';
import { cosError } from './cos-error.ts';
import type { Line } from './line.ts';
import { StoreError, type Body, type HeldPart, type ObjectStore, type SendOptions, type StoredObject, type StoredPart } from './object-store.ts';

export interface CosStoreOptions {
  /** With the appid. */
  readonly bucket: string;
  readonly region: string;
  readonly tmpSecretId: string;
  readonly tmpSecretKey: string;
  readonly token: string;
  readonly line: Line;
  /** null reaches COS by its public domain. */
  readonly domain: { readonly domain: string; readonly protocol: 'http:' | 'https:' } | null;
  /** A request on which nothing moves for this long is given up. */
  readonly stallMs?: number;
}

interface SdkReply {
  readonly ETag?: string;
  readonly RequestId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface ListPartsPage {
  readonly Part?: readonly { readonly PartNumber: string; readonly ETag: string; readonly Size: string }[];
  readonly IsTruncated?: string;
  readonly NextPartNumberMarker?: string;
}

type SdkCallback<T> = (error: unknown, data: T) => void;

// Enough that the SDK's own queue for putObject never holds one back: the engine has its own.
const sdkParallelPuts = 256;
// COS joins the parts before it answers, which takes long for a large object.
const completeMs = 600_000;
const listedAtOnce = 1000;
// A server's clock may be a little behind, and a part may take long on a slow line.
const signedBeforeSeconds = 300;
const signedForSeconds = 3600;

/**
 * COS through cos-nodejs-sdk-v5, part by part. Bodies go as streams, because those the SDK never
 * retries by itself: its retries know no backoff, and destroying a stream ends its request at once.
 */
export class CosStore implements ObjectStore {
  readonly bucket: string;
  readonly region: string;
  readonly #options: CosStoreOptions;
  readonly #host: string;
  readonly #stallMs: number;
  #cos: COS;
  #patientCos: COS;

  constructor(options: CosStoreOptions) {
    this.#options = options;
    this.bucket = options.bucket;
    this.region = options.region;
    this.#host = options.domain?.domain ?? `${options.bucket}.cos.${options.region}.myqcloud.com`;
    this.#stallMs = options.stallMs ?? 30_000;
    this.#cos = this.#connect(this.#stallMs);
    this.#patientCos = this.#connect(completeMs);
  }

  #connect(timeoutMs: number): COS {
    const { tmpSecretId, tmpSecretKey, token, domain, line } = this.#options;
    return new COS({
      getAuthorization: (_request, callback) => {
        const nowSeconds = Math.floor(line.clock.now() / 1000);
        callback({
          TmpSecretId: tmpSecretId,
          TmpSecretKey: tmpSecretKey,
          SecurityToken: token,
          // How long a signature is good for; how long the credential is, COS knows itself.
          StartTime: nowSeconds - signedBeforeSeconds,
          ExpiredTime: nowSeconds + signedForSeconds,
        });
      },
      FileParallelLimit: sdkParallelPuts,
      UploadQueueSize: sdkParallelPuts,
      Timeout: timeoutMs,
      AutoSwitchHost: false,
      CorrectClockSkew: false,
      SystemClockOffset: line.clock.offsetMs,
      KeepAlive: true,
      ...(domain ? { Domain: domain.domain, Protocol: domain.protocol } : { Protocol: 'https:' }),
    });
  }

  async putObject(key: string, body: Body, options: SendOptions): Promise<StoredObject> {
    const reply = await this.#send<SdkReply>(body.data, options, (stream, callback) => {
      this.#cos.putObject({ ...this.#at(key), Body: stream, ContentLength: body.data.length, Headers: { 'Content-MD5': body.md5 } }, callback);
    });
    return storedObject(reply);
  }

  async startMultipart(key: string, signal: AbortSignal): Promise<string> {
    const reply = await this.#ask<SdkReply & { UploadId?: string }>(signal, (callback) => {
      this.#cos.multipartInit(this.#at(key), callback);
    });
    return reply.UploadId ?? this.#unusable(reply);
  }

  async putPart(key: string, uploadId: string, partNumber: number, body: Body, options: SendOptions): Promise<StoredPart> {
    const reply = await this.#send<SdkReply>(body.data, options, (stream, callback) => {
      this.#cos.multipartUpload({
        ...this.#at(key), UploadId: uploadId, PartNumber: partNumber,
        Body: stream, ContentLength: body.data.length, Headers: { 'Content-MD5': body.md5 },
      }, callback);
    });
    const etag = unquoted(reply.ETag);
    return etag === '' ? this.#unusable(reply) : { partNumber, etag };
  }

  async listParts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly HeldPart[]> {
    const parts: HeldPart[] = [];
    for (let marker = '0'; ;) {
      const page = await this.#ask<SdkReply & ListPartsPage>(signal, (callback) => {
        this.#cos.multipartListPart({
          ...this.#at(key), UploadId: uploadId, MaxParts: listedAtOnce, PartNumberMarker: marker, EncodingType: 'url',
        }, callback as SdkCallback<unknown>);
      });
      for (const part of page.Part ?? []) {
        parts.push({ partNumber: Number(part.PartNumber), etag: unquoted(part.ETag), size: Number(part.Size) });
      }
      if (page.IsTruncated !== 'true') return parts;
      if (page.NextPartNumberMarker === undefined || page.NextPartNumberMarker === marker) return this.#unusable(page);
      marker = page.NextPartNumberMarker;
    }
  }

  async completeMultipart(key: string, uploadId: string, parts: readonly StoredPart[], signal: AbortSignal): Promise<StoredObject> {
    const reply = await this.#ask<SdkReply>(signal, (callback) => {
      this.#patientCos.multipartComplete({
        ...this.#at(key), UploadId: uploadId,
        Parts: parts.map((part) => ({ PartNumber: part.partNumber, ETag: `"${part.etag}"` })),
      }, callback);
    });
    // A body that never ended still counts as a success for the SDK; without an ETag nothing is done.
    return unquoted(reply.ETag) === '' ? this.#unusable(reply) : storedObject(reply);
  }

  async abortMultipart(key: string, uploadId: string, signal: AbortSignal): Promise<void> {
    await this.#ask<SdkReply>(signal, (callback) => {
      this.#cos.multipartAbort({ ...this.#at(key), UploadId: uploadId }, callback);
    });
  }

  async headObject(key: string, signal: AbortSignal): Promise<StoredObject & { readonly size: number }> {
    const reply = await this.#ask<SdkReply>(signal, (callback) => {
      this.#cos.headObject(this.#at(key), callback);
    });
    return { ...storedObject(reply), size: Number(reply.headers?.['content-length'] ?? NaN) };
  }

  #at(key: string): { Bucket: string; Region: string; Key: string } {
    return { Bucket: this.bucket, Region: this.region, Key: key };
  }

  /** Sends a body; the stream's end is the request's end, so aborting or stalling destroys it. */
  async #send<T>(data: Buffer, options: SendOptions, call: (stream: Readable, callback: SdkCallback<T>) => void): Promise<T> {
    options.signal.throwIfAborted();
    let stalled = false;
    const stream = bodyStream(data, this.#options.line.throttle, (bytes) => {
      watchdog.refresh();
      options.onSent?.(bytes);
    });
    const watchdog = setTimeout(() => {
      stalled = true;
      stream.destroy(new Error('No byte moved.'));
    }, this.#stallMs);
    const onAbort = (): void => { stream.destroy(new Error('Aborted.')); };
    options.signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await this.#settle<T>(options.signal, (callback) => { call(stream, callback); });
    } catch (error) {
      if (!stalled) throw error;
      this.#options.line.slots.troubled();
      throw new StoreError('transient', { code: 'network-timeout', params: { host: this.#host } }, null, { cause: error });
    } finally {
      clearTimeout(watchdog);
      options.signal.removeEventListener('abort', onAbort);
      stream.destroy();
    }
  }

  async #ask<T>(signal: AbortSignal, call: (callback: SdkCallback<T>) => void): Promise<T> {
    signal.throwIfAborted();
    return this.#settle(signal, call);
  }

  /** The SDK's callback as a promise that an abort settles at once, whatever the SDK still does. */
  #settle<T>(signal: AbortSignal, call: (callback: SdkCallback<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => { reject(signal.reason as Error); };
      signal.addEventListener('abort', onAbort, { once: true });
      call((error, data) => {
        signal.removeEventListener('abort', onAbort);
        if (signal.aborted) return;
        if (error) {
          reject(this.#refused(cosError(error, this.#host)));
          return;
        }
        this.#options.line.connectivity.answered();
        this.#options.line.slots.well();
        resolve(data);
      });
    });
  }

  /** Learns from a refusal what the whole line should know. */
  #refused(error: StoreError): StoreError {
    const { clock, connectivity, slots } = this.#options.line;
    if (error.status === null) {
      slots.troubled();
      connectivity.unanswered();
      return error;
    }
    connectivity.answered();
    if (error.status === 503 || error.problem.serviceCode === 'SlowDown') slots.troubled();
    // A clock that is wrong looks like a dead key; with the right time the same key may be good.
    if (error.isAboutTime && clock.learn(error.serverDate)) {
      this.#cos = this.#connect(this.#stallMs);
      this.#patientCos = this.#connect(completeMs);
      return new StoreError('transient', { ...error.problem, code: 'store-clock-wrong' }, error.status, { cause: error });
    }
    return error;
  }

  #unusable(reply: SdkReply): never {
    throw new StoreError('transient', {
      code: 'store-failed',
      params: { host: this.#host },
      ...(reply.RequestId === undefined ? {} : { requestId: reply.RequestId }),
      detail: 'The reply was cut short or empty.',
    }, null);
  }
}

function storedObject(reply: SdkReply): StoredObject {
  return {
    etag: unquoted(reply.ETag ?? reply.headers?.['etag']),
    crc64: reply.headers?.['x-cos-hash-crc64ecma'] ?? null,
    requestId: reply.RequestId ?? reply.headers?.['x-cos-request-id'] ?? '',
  };
}

function unquoted(etag: string | undefined): string {
  return (etag ?? '').replaceAll('"', '');
}
