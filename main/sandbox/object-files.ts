import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import * as v from 'valibot';
import { KeyedLock } from './keyed-lock.ts';
import { distinctName, pathSegments } from './object-path.ts';

const storedObject = v.object({
  bucket: v.string(),
  key: v.string(),
  size: v.number(),
  etag: v.string(),
  crc64: v.string(),
  contentType: v.string(),
  lastModifiedMs: v.number(),
  /** Relative to the objects' folder, with forward slashes. */
  path: v.string(),
});

/** An object and where its bytes are. `etag` is without quotes, `crc64` decimal. */
export type StoredObject = Readonly<v.InferOutput<typeof storedObject>>;

/**
 * The objects, as plain files in folders people can open: `objects/{bucket}/{key}`. What COS knows
 * beyond the bytes is kept apart, in `metadata/`, so that only the person's files show there.
 */
export class ObjectFiles {
  readonly objectsDirectory: string;
  readonly #metadataDirectory: string;
  readonly #incomingDirectory: string;
  readonly #commits = new KeyedLock();

  constructor(directory: string) {
    this.objectsDirectory = join(directory, 'objects');
    this.#metadataDirectory = join(directory, 'metadata');
    this.#incomingDirectory = join(directory, 'incoming');
  }

  /** Makes the folders, and clears away what an earlier run was still receiving. */
  async open(): Promise<void> {
    await rm(this.#incomingDirectory, { recursive: true, force: true });
    for (const folder of [this.objectsDirectory, this.#metadataDirectory, this.#incomingDirectory]) {
      await mkdir(folder, { recursive: true });
    }
  }

  /** A fresh path for bytes on their way in, on the same file system as the objects. */
  incomingPath(): string {
    return join(this.#incomingDirectory, randomUUID());
  }

  /** Makes the file at `from` the object, replacing an earlier one at once and whole. */
  async commit(object: Omit<StoredObject, 'path'>, from: string): Promise<void> {
    // One at a time: two keys may want the same name on disk.
    await this.#commits.run('', async () => {
      const previous = await this.#metadataOf(object.bucket, object.key);
      const path = await this.#makeRoom(object.bucket, object.key, previous?.path);
      await rename(from, this.#onDisk(path));
      const metadataPath = this.#metadataPath(object.bucket, object.key);
      const temporaryPath = this.incomingPath();
      await writeFile(temporaryPath, JSON.stringify({ ...object, path } satisfies StoredObject));
      await mkdir(join(this.#metadataDirectory, object.bucket), { recursive: true });
      await rename(temporaryPath, metadataPath);
    });
  }

  /** null where there is no such object, or its file was taken away. */
  async find(bucket: string, key: string): Promise<StoredObject | null> {
    const object = await this.#metadataOf(bucket, key);
    return object !== null && (await kindOf(this.#onDisk(object.path))) === 'file' ? object : null;
  }

  /** The file that holds an object's bytes, or would hold them. */
  path(bucket: string, key: string): string {
    let text: string | null = null;
    try {
      text = readFileSync(this.#metadataPath(bucket, key), 'utf8');
    } catch {
      // No such object yet: it would get the plain path.
    }
    const object = text === null ? null : parseObject(text);
    return this.#onDisk(object?.path ?? [bucket, ...pathSegments(key)].join('/'));
  }

  async list(): Promise<readonly StoredObject[]> {
    const objects: StoredObject[] = [];
    for (const name of await readdir(this.#metadataDirectory, { recursive: true })) {
      if (!name.endsWith('.json')) continue;
      const object = parseObject(await readFile(join(this.#metadataDirectory, name), 'utf8'));
      if (object !== null && (await kindOf(this.#onDisk(object.path))) === 'file') objects.push(object);
    }
    return objects.sort((a, b) => compare(`${a.bucket}/${a.key}`, `${b.bucket}/${b.key}`));
  }

  /** Settles with a path whose folders exist and which belongs to no other key. */
  async #makeRoom(bucket: string, key: string, previousPath: string | undefined): Promise<string> {
    const segments = pathSegments(key);
    const fileName = segments.pop() ?? '';
    const folders = [bucket];
    await mkdir(this.#onDisk(bucket), { recursive: true });
    for (const [index, segment] of segments.entries()) {
      // An object may have the name this folder wants: `a` and `a/b` are both good keys.
      const taken = (await kindOf(this.#onDisk([...folders, segment].join('/')))) === 'file';
      folders.push(taken ? distinctName(segment, key.split('/').slice(0, index + 1).join('/')) : segment);
      await mkdir(this.#onDisk(folders.join('/')), { recursive: true });
    }
    const plain = [...folders, fileName].join('/');
    if (plain === previousPath || (await kindOf(this.#onDisk(plain))) === 'none') return plain;
    // Taken by a folder, by a person's own file, or by a key that differs only where the file system sees no difference.
    return [...folders, distinctName(fileName, key)].join('/');
  }

  async #metadataOf(bucket: string, key: string): Promise<StoredObject | null> {
    try {
      return parseObject(await readFile(this.#metadataPath(bucket, key), 'utf8'));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  #metadataPath(bucket: string, key: string): string {
    return join(this.#metadataDirectory, bucket, `${createHash('sha256').update(key).digest('hex')}.json`);
  }

  #onDisk(path: string): string {
    return join(this.objectsDirectory, path.replaceAll('/', sep));
  }
}

function parseObject(text: string): StoredObject | null {
  try {
    const result = v.safeParse(storedObject, JSON.parse(text));
    return result.success ? result.output : null;
  } catch {
    return null;
  }
}

/** A link counts as a file: a path must never lead through one. */
async function kindOf(path: string): Promise<'none' | 'file' | 'folder'> {
  try {
    return (await lstat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (isMissing(error)) return 'none';
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
