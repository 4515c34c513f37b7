import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { createCrc64 } from '../transfer/crc64.ts';
import { CosError } from './cos-error.ts';
import { KeyedLock } from './keyed-lock.ts';
import type { ObjectFiles, StoredObject } from './object-files.ts';
import type { ReceivedFile } from './receive-file.ts';

const MIN_PART_BYTES = 1024 * 1024;
const COPY_BYTES = 1024 * 1024;
const PART_NAME = /^(\d{5})-([0-9a-f]{32})-[0-9a-f]{8}$/;

const uploadFile = v.object({ bucket: v.string(), key: v.string(), contentType: v.string(), initiatedAtMs: v.number() });

export interface StoredPart {
  readonly number: number;
  readonly size: number;
  /** The MD5 in hexadecimal; the ETag is this in quotes. */
  readonly md5: string;
  readonly lastModifiedMs: number;
  readonly path: string;
}

export interface MultipartUpload extends Readonly<v.InferOutput<typeof uploadFile>> {
  readonly uploadId: string;
  readonly parts: ReadonlyMap<number, StoredPart>;
}

interface OpenUpload extends MultipartUpload {
  readonly parts: Map<number, StoredPart>;
}

/** What the client says the object is made of. */
export interface StatedPart {
  readonly number: number;
  readonly md5: string;
}

/** The unfinished multipart uploads, kept in `multipart/{uploadId}/` so that they outlive the process, as in COS. */
export class MultipartUploads {
  readonly #directory: string;
  readonly #byId = new Map<string, OpenUpload>();
  readonly #lock = new KeyedLock();

  constructor(directory: string) {
    this.#directory = join(directory, 'multipart');
  }

  /** Takes up what an earlier run left unfinished. */
  async open(): Promise<void> {
    await mkdir(this.#directory, { recursive: true });
    for (const uploadId of await readdir(this.#directory)) {
      const folder = join(this.#directory, uploadId);
      const upload = await loadUpload(folder, uploadId).catch(() => null);
      if (upload === null) await rm(folder, { recursive: true, force: true });
      else this.#byId.set(uploadId, upload);
    }
  }

  async initiate(upload: v.InferOutput<typeof uploadFile>): Promise<string> {
    const uploadId = `${Math.floor(upload.initiatedAtMs / 1000)}${randomBytes(27).toString('hex')}`;
    await mkdir(join(this.#directory, uploadId));
    await writeFile(join(this.#directory, uploadId, 'upload.json'), JSON.stringify(upload));
    this.#byId.set(uploadId, { ...upload, uploadId, parts: new Map() });
    return uploadId;
  }

  /** Throws `NoSuchUpload` unless the upload is unfinished and of this very object. */
  find(uploadId: string, bucket: string, key: string): MultipartUpload {
    return this.#find(uploadId, bucket, key);
  }

  list(): readonly MultipartUpload[] {
    return [...this.#byId.values()];
  }

  /** Makes the received file a part, in place of an earlier one of the same number. */
  async addPart(upload: MultipartUpload, number: number, file: ReceivedFile, lastModifiedMs: number): Promise<void> {
    await this.#lock.run(upload.uploadId, async () => {
      // The upload may have been completed or aborted while the part was on its way.
      const { parts } = this.#find(upload.uploadId, upload.bucket, upload.key);
      const md5 = file.md5.toString('hex');
      const name = `${String(number).padStart(5, '0')}-${md5}-${randomBytes(4).toString('hex')}`;
      const path = join(this.#directory, upload.uploadId, name);
      await rename(file.path, path);
      const replaced = parts.get(number);
      parts.set(number, { number, size: file.size, md5, lastModifiedMs, path });
      if (replaced !== undefined) await rm(replaced.path, { force: true });
    });
  }

  /**
   * Joins the stated parts into the object, which appears at once and whole.
   * Throws `InvalidPart`, `EntityTooSmall` or `NoSuchUpload`; the upload then stays as it was.
   */
  async complete(upload: MultipartUpload, stated: readonly StatedPart[], objects: ObjectFiles, nowMs: number): Promise<Omit<StoredObject, 'path'>> {
    return this.#lock.run(upload.uploadId, async () => {
      const { bucket, key, contentType, parts } = this.#find(upload.uploadId, upload.bucket, upload.key);
      const chosen = chooseParts(parts, stated);
      const joinedPath = objects.incomingPath();
      const { size, crc64 } = await joinParts(chosen, joinedPath);
      const md5s = createHash('md5').update(Buffer.from(chosen.map((part) => part.md5).join(''), 'hex')).digest('hex');
      const object = { bucket, key, contentType, size, crc64, etag: `${md5s}-${chosen.length}`, lastModifiedMs: nowMs };
      await objects.commit(object, joinedPath);
      await this.#remove(upload.uploadId);
      return object;
    });
  }

  async abort(upload: MultipartUpload): Promise<void> {
    await this.#lock.run(upload.uploadId, async () => {
      this.#find(upload.uploadId, upload.bucket, upload.key);
      await this.#remove(upload.uploadId);
    });
  }

  #find(uploadId: string, bucket: string, key: string): OpenUpload {
    const upload = this.#byId.get(uploadId);
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key) throw new CosError('NoSuchUpload');
    return upload;
  }

  async #remove(uploadId: string): Promise<void> {
    this.#byId.delete(uploadId);
    await rm(join(this.#directory, uploadId), { recursive: true, force: true });
  }
}

function chooseParts(parts: ReadonlyMap<number, StoredPart>, stated: readonly StatedPart[]): StoredPart[] {
  const chosen = stated.map(({ number, md5 }, index) => {
    const part = parts.get(number);
    // COS also refuses a list with a gap in it.
    if (part === undefined || part.md5 !== md5 || number !== index + 1) throw new CosError('InvalidPart');
    return part;
  });
  if (chosen.slice(0, -1).some((part) => part.size < MIN_PART_BYTES)) throw new CosError('EntityTooSmall');
  return chosen;
}

/** The CRC64 is taken of what is written, so that it vouches for the object and not for the parts. */
async function joinParts(parts: readonly StoredPart[], path: string): Promise<{ size: number; crc64: string }> {
  const crc64 = await createCrc64();
  const buffer = Buffer.allocUnsafe(COPY_BYTES);
  const target = await open(path, 'wx');
  let size = 0;
  try {
    for (const part of parts) {
      size += await append(part, target, buffer, (data) => crc64.update(data));
    }
  } catch (error) {
    await target.close();
    await rm(path, { force: true });
    throw error;
  }
  await target.close();
  return { size, crc64: crc64.digestDecimal() };
}

async function append(part: StoredPart, target: FileHandle, buffer: Buffer, see: (data: Buffer) => void): Promise<number> {
  const source = await open(part.path, 'r');
  let size = 0;
  try {
    for (;;) {
      const { bytesRead } = await source.read(buffer, 0, buffer.length);
      if (bytesRead === 0) break;
      const data = buffer.subarray(0, bytesRead);
      see(data);
      await target.appendFile(data);
      size += bytesRead;
    }
  } finally {
    await source.close();
  }
  if (size !== part.size) throw new Error(`part ${part.number} has ${size} bytes on disk instead of ${part.size}`);
  return size;
}

async function loadUpload(folder: string, uploadId: string): Promise<OpenUpload> {
  const upload = v.parse(uploadFile, JSON.parse(await readFile(join(folder, 'upload.json'), 'utf8')));
  const parts = new Map<number, StoredPart>();
  for (const name of await readdir(folder)) {
    const [, number, md5] = PART_NAME.exec(name) ?? [];
    if (number === undefined || md5 === undefined) continue;
    const path = join(folder, name);
    const { size, mtimeMs } = await stat(path);
    const known = parts.get(Number(number));
    // Two of one number are left when the process ended between storing a part and removing the one it replaced.
    if (known !== undefined && known.lastModifiedMs > mtimeMs) continue;
    parts.set(Number(number), { number: Number(number), size, md5, lastModifiedMs: mtimeMs, path });
  }
  return { ...upload, uploadId, parts };
}
