import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCrc64 } from '../../main/transfer/crc64.ts';
import { StoreError, type Body, type HeldPart, type ObjectStore, type SendOptions, type StoredObject, type StoredPart } from '../../main/transfer/object-store.ts';

/** An object store in memory whose every call can be made to fail: `trouble` is asked first and may throw. */
export class MemoryStore implements ObjectStore {
  readonly bucket = 'memory-1250000000';
  readonly region = 'ap-guangzhou';
  readonly place = 'memory';
  readonly objects = new Map<string, Buffer>();
  readonly uploads = new Map<string, Map<number, Buffer>>();
  readonly calls: string[] = [];
  trouble: (call: string, count: number) => void = () => undefined;
  /** Changes what was received, as a bad line would behind every check of the transport. */
  receive: (data: Buffer) => Buffer = (data) => data;
  /** Runs once a call has taken effect and before it is answered: a throw is a lost reply. */
  reply: (call: string) => void = () => undefined;
  #uploadCount = 0;

  async putObject(key: string, body: Body, options: SendOptions): Promise<StoredObject> {
    this.#called('putObject');
    const data = await received(body, options.signal);
    options.onSent?.(data.length);
    return this.#keep(key, this.receive(data));
  }

  async startMultipart(): Promise<string> {
    this.#called('startMultipart');
    const uploadId = `upload-${++this.#uploadCount}`;
    this.uploads.set(uploadId, new Map());
    return uploadId;
  }

  async putPart(_key: string, uploadId: string, partNumber: number, body: Body, options: SendOptions): Promise<StoredPart> {
    options.onSent?.(Math.floor((body.bytes ?? 0) / 2));
    this.#called('putPart');
    const data = this.receive(await received(body, options.signal));
    options.onSent?.(data.length);
    this.#parts(uploadId).set(partNumber, data);
    return { partNumber, etag: createHash('md5').update(data).digest('hex') };
  }

  async listParts(_key: string, uploadId: string): Promise<readonly HeldPart[]> {
    this.#called('listParts');
    return [...this.#parts(uploadId)].map(([partNumber, data]) => ({ partNumber, size: data.length, etag: createHash('md5').update(data).digest('hex') }));
  }

  async completeMultipart(key: string, uploadId: string, parts: readonly StoredPart[]): Promise<StoredObject> {
    this.#called('completeMultipart');
    const stored = this.#parts(uploadId);
    const object = await this.#keep(key, Buffer.concat(parts.map((part) => stored.get(part.partNumber)!)));
    this.uploads.delete(uploadId);
    this.reply('completeMultipart');
    return object;
  }

  async abortMultipart(_key: string, uploadId: string): Promise<void> {
    this.#called('abortMultipart');
    this.#parts(uploadId);
    this.uploads.delete(uploadId);
  }

  async headObject(key: string): Promise<StoredObject & { readonly size: number }> {
    this.#called('headObject');
    const data = this.objects.get(key);
    if (!data) throw new StoreError('permanent', { code: 'store-refused' }, 404);
    return { ...await this.#keep(key, data), size: data.length };
  }

  #called(call: string): void {
    this.calls.push(call);
    this.trouble(call, this.calls.filter((known) => known === call).length);
  }

  #parts(uploadId: string): Map<number, Buffer> {
    const parts = this.uploads.get(uploadId);
    if (!parts) throw new StoreError('no-such-upload', { code: 'store-refused', serviceCode: 'NoSuchUpload' }, 404);
    return parts;
  }

  async #keep(key: string, data: Buffer): Promise<StoredObject> {
    this.objects.set(key, Buffer.from(data));
    const crc64 = await createCrc64();
    crc64.update(data);
    return { etag: createHash('md5').update(data).digest('hex'), crc64: crc64.digestDecimal(), requestId: `request-${this.calls.length}` };
  }
}

let place: Promise<string> | null = null;
const arrived = new Map<string, Buffer>();
let bodies = 0;

/** The bytes of a body, as they come over a connection. */
async function received(body: Body, signal: AbortSignal): Promise<Buffer> {
  place ??= listen();
  bodies += 1;
  const path = `/${bodies}`;
  await body.send({
    head: { method: 'PUT', protocol: 'http:', host: await place, path, headers: body.bytes === null ? {} : { 'Content-Length': String(body.bytes) } },
    stallMs: 5_000, signal,
  });
  const data = arrived.get(path)!;
  arrived.delete(path);
  return data;
}

async function listen(): Promise<string> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      arrived.set(req.url!, Buffer.concat(chunks));
      res.end();
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  server.unref();
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
