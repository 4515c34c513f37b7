import { createHash } from 'node:crypto';
import { FerryError } from '../ferry-error.ts';
import type { HttpHead, HttpReply } from '../http-agents.ts';
import { cosError, noAnswer } from './cos-error.ts';
import { completeDocument, heldParts, readReply, storedObject, unquoted, type CosReply } from './cos-replies.ts';
import { cosPath, cosSignature, type CosKey } from './cos-signature.ts';
import { worthAnotherTry, type Line } from './line.ts';
import { StoreError, type Body, type HeldPart, type ObjectStore, type SendOptions, type StoredObject, type StoredPart } from './object-store.ts';
import { NotSmall } from './send-thread.ts';
import { storeHost, type StoreDomain } from './store-domain.ts';

export interface CosStoreOptions extends CosKey {
  /** With the appid. */
  readonly bucket: string;
  readonly region: string;
  readonly line: Line;
  /** The next one is tried where one gives no answer. */
  readonly domains: readonly StoreDomain[];
}

interface Ask {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Body;
  /** A body that is no part. */
  readonly document?: string;
  /** It may take COS long to answer. */
  readonly patient?: boolean;
  readonly signal: AbortSignal;
  readonly onSent?: (bytes: number) => void;
}

const listedAtOnce = '1000';

/**
 * COS, one request at a time and each tried once. cos-nodejs-sdk-v5 signs; its requests are not used:
 * they try again by themselves and at once, so that a Complete whose reply was lost looks like one
 * that failed, end the process on an error document cut short, and cannot be ended while they wait.
 */
export class CosStore implements ObjectStore {
  readonly bucket: string;
  readonly region: string;
  readonly place: string;
  readonly #options: CosStoreOptions;
  #domain = 0;

  constructor(options: CosStoreOptions) {
    this.#options = options;
    this.bucket = options.bucket;
    this.region = options.region;
    this.place = `${this.#place(0).host} ${options.bucket}`;
  }

  async putObject(key: string, body: Body, options: SendOptions): Promise<StoredObject> {
    const reply = await this.#ask({ method: 'PUT', key, body, ...options });
    return this.#stored(reply, reply.etag);
  }

  async startMultipart(key: string, signal: AbortSignal): Promise<string> {
    const { crew, slots } = this.#options.line;
    // Those of its parts are open by the time it is begun; where they cannot be, the parts will say so.
    crew.connect(this.#place(this.#domain), slots.limit).catch(() => undefined);
    const reply = await this.#ask({ method: 'POST', key, query: { uploads: '' }, signal });
    return reply.document.InitiateMultipartUploadResult?.UploadId || this.#unusable(reply);
  }

  async putPart(key: string, uploadId: string, partNumber: number, body: Body, options: SendOptions): Promise<StoredPart> {
    const reply = await this.#ask({ method: 'PUT', key, query: { partNumber: String(partNumber), uploadId }, body, ...options });
    return { partNumber, etag: this.#stored(reply, reply.etag).etag };
  }

  async listParts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly HeldPart[]> {
    const parts: HeldPart[] = [];
    for (let marker = '0'; ;) {
      const query = { uploadId, 'max-parts': listedAtOnce, 'part-number-marker': marker };
      const reply = await this.#ask({ method: 'GET', key, query, signal });
      const page = reply.document.ListPartsResult;
      // A list cut short must not pass for one of few parts: all others would be sent again.
      if (page?.IsTruncated !== 'true' && page?.IsTruncated !== 'false') return this.#unusable(reply);
      parts.push(...heldParts(page));
      if (page.IsTruncated === 'false') return parts;
      if (!page.NextPartNumberMarker || page.NextPartNumberMarker === marker) return this.#unusable(reply);
      marker = page.NextPartNumberMarker;
    }
  }

  async completeMultipart(key: string, uploadId: string, parts: readonly StoredPart[], signal: AbortSignal): Promise<StoredObject> {
    const reply = await this.#ask({ method: 'POST', key, query: { uploadId }, document: completeDocument(parts), patient: true, signal });
    // Without an ETag in its document nothing is done, whatever its status says.
    return this.#stored(reply, reply.document.CompleteMultipartUploadResult?.ETag);
  }

  async abortMultipart(key: string, uploadId: string, signal: AbortSignal): Promise<void> {
    await this.#ask({ method: 'DELETE', key, query: { uploadId }, signal });
  }

  async headObject(key: string, signal: AbortSignal): Promise<StoredObject & { readonly size: number }> {
    const reply = await this.#ask({ method: 'HEAD', key, signal });
    return { ...storedObject(reply, reply.etag), size: Number(reply.contentLength ?? NaN) };
  }

  async #ask(ask: Ask): Promise<CosReply> {
    const { line } = this.#options;
    const { clock } = line;
    const at = this.#domain;
    const { protocol, host } = this.#place(at);
    const query = ask.query ?? {};
    const signedAtOffsetMs = clock.offsetMs;
    const headers = ask.body ? bodyHeaders(ask.body.bytes, ask.body.md5)
      : ask.document !== undefined ? bodyHeaders(Buffer.byteLength(ask.document), createHash('md5').update(ask.document).digest('base64'))
      : ask.method === 'POST' ? { 'Content-Length': '0' } : {};
    // Outside the try: a name that cannot be encoded is an error of this side, not somebody's silence, which would be waited out.
    const head: HttpHead = {
      method: ask.method, protocol, host, path: cosPath(ask.key, query),
      headers: { ...headers, ...cosSignature(this.#options, { method: ask.method, key: ask.key, query, headers: { ...headers, Host: host } }, clock.now()) },
    };
    try {
      ask.signal.throwIfAborted();
      const reply = await readReply(await (ask.body ? this.#send(ask.body, head, ask) : this.#exchange(head, ask)));
      if (reply.status >= 300 || reply.document.Error) throw cosError(reply, { host, bucket: this.bucket }, ask.method);
      line.connectivity.answered();
      if (ask.body) line.slots.well(this.place);
      return reply;
    } catch (error) {
      ask.signal.throwIfAborted();
      // The source's own: no word of it has gone out.
      if (error instanceof NotSmall || (error instanceof FerryError && !(error instanceof StoreError))) throw error;
      const refused = this.#refused(error instanceof StoreError ? error : noAnswer(error, { host, bucket: this.bucket }), at, signedAtOffsetMs);
      const worth = worthAnotherTry(refused);
      if (ask.body && (worth === 'long' || worth === 'endless')) line.slots.failed(this.place);
      throw refused;
    }
  }

  #place(at: number): Pick<HttpHead, 'protocol' | 'host'> {
    const domain = this.#options.domains[at];
    if (!domain) throw new Error('A store has a domain.');
    return { protocol: domain.protocol, host: storeHost(domain, this.bucket, this.region) };
  }

  #send(body: Body, head: HttpHead, { signal, onSent }: Ask): Promise<HttpReply> {
    const { slots, patience } = this.#options.line;
    let sentBytes = 0;
    return body.send({
      head, signal,
      stallMs: patience.stallMs,
      onSent: (bytes) => {
        // A body that met a closing connection begins anew.
        slots.moved(Math.max(0, bytes - sentBytes));
        sentBytes = bytes;
        onSent?.(bytes);
      },
    });
  }

  #exchange(head: HttpHead, { document = '', patient, signal }: Ask): Promise<HttpReply> {
    const { crew, patience } = this.#options.line;
    return crew.ask(document, { head, signal, stallMs: patient ? patience.completeMs : patience.stallMs });
  }

  /** Learns from a refusal what the whole line should know. */
  #refused(error: StoreError, domain: number, signedAtOffsetMs: number): StoreError {
    const { domains, line: { clock, connectivity, slots } } = this.#options;
    if (error.status === null) {
      if (error.problem.code === 'network-timeout') slots.troubled(this.place);
      if (error.kind === 'transient') connectivity.unanswered();
      if (this.#domain === domain) this.#domain = (domain + 1) % domains.length;
      return error;
    }
    connectivity.answered();
    if (error.status === 503 || error.problem.serviceCode === 'SlowDown') slots.troubled(this.place);
    // A clock that is wrong looks like a dead key; with the right time the same key may be good.
    if (error.isAboutTime && clock.learn(error.serverDate, signedAtOffsetMs)) {
      return new StoreError('transient', { ...error.problem, code: 'store-clock-wrong' }, error.status, { cause: error });
    }
    return error;
  }

  #stored(reply: CosReply, etag: string | undefined): StoredObject {
    return unquoted(etag) === '' ? this.#unusable(reply) : storedObject(reply, etag);
  }

  #unusable({ requestId, status }: CosReply): never {
    throw new StoreError('transient', {
      code: 'store-failed',
      ...(requestId === undefined ? {} : { requestId }),
      detail: 'The reply was cut short or empty.',
    }, status);
  }
}

function bodyHeaders(bytes: number | null, md5: string | null): Record<string, string> {
  return {
    'Content-Type': 'application/octet-stream',
    ...(bytes === null ? {} : { 'Content-Length': String(bytes) }),
    ...(md5 === null ? {} : { 'Content-MD5': md5 }),
  };
}
