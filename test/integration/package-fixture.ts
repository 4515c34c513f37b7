import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, lstatSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { crc32, inflateRawSync } from 'node:zlib';
import { afterEach } from 'vitest';
import { FerryError } from '../../main/ferry-error.ts';
import type { Chunk, PackageContent } from '../../main/package/content.ts';
import type { Problem } from '../../preload/contract.ts';

const scratch: string[] = [];

afterEach(() => {
  for (const folder of scratch.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of its own, readable by every user, gone after the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cos-ferry-package-'));
  chmodSync(folder, 0o755);
  scratch.push(folder);
  return folder;
}

/** Writes files (a name ending in `/` is an empty folder) and returns the root. */
export function plant(root: string, files: Readonly<Record<string, string | Buffer>>): string {
  mkdirSync(root, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
  }
  return root;
}

export const neverAborted = (): AbortSignal => new AbortController().signal;

/** Runs the whole content through, as an upload would. */
export async function drain(chunks: AsyncIterable<Chunk>): Promise<{ data: Buffer; sourceBytes: number; sha256: string }> {
  const parts: Buffer[] = [];
  let sourceBytes = 0;
  for await (const chunk of chunks) {
    parts.push(Buffer.from(chunk.data));
    sourceBytes += chunk.sourceBytes;
  }
  const data = Buffer.concat(parts);
  return { data, sourceBytes, sha256: createHash('sha256').update(data).digest('hex') };
}

/** Writes the bytes beside the tests' folders; runs of zeros become holes. */
export async function save(content: PackageContent, path: string): Promise<string> {
  const zeros = Buffer.alloc(1024 * 1024);
  const file = openSync(path, 'w');
  let position = 0;
  for await (const { data } of content.bytes(neverAborted())) {
    if (!data.equals(zeros)) writeSync(file, data, 0, data.length, position);
    position += data.length;
  }
  closeSync(file);
  return path;
}

export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work;
  } catch (error) {
    if (error instanceof FerryError) return error.problem;
    throw error;
  }
  throw new Error('It was expected to fail.');
}

/** As a user whom modes apply to, also where the tests run as root. */
export async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(65534);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

export interface TreeEntry {
  readonly kind: 'file' | 'folder' | 'symlink';
  readonly mode: number;
  readonly mtimeMs: number;
  readonly content: string;
}

/** Every file, link and empty folder below `root`. */
export function treeOf(root: string, below = ''): Map<string, TreeEntry> {
  const tree = new Map<string, TreeEntry>();
  for (const base of readdirSync(join(root, below))) {
    const name = below === '' ? base : `${below}/${base}`;
    const path = join(root, name);
    const stats = lstatSync(path);
    const facts = { mode: stats.mode & 0o777, mtimeMs: stats.mtimeMs };
    if (stats.isSymbolicLink()) tree.set(name, { kind: 'symlink', content: readlinkSync(path), ...facts });
    else if (stats.isDirectory()) {
      const inside = treeOf(root, name);
      if (inside.size === 0) tree.set(name, { kind: 'folder', content: '', ...facts });
      for (const [key, value] of inside) tree.set(key, value);
    } else tree.set(name, { kind: 'file', content: createHash('sha256').update(readFileSync(path)).digest('hex'), ...facts });
  }
  return tree;
}

/** Three readers that know nothing of each other; throws with what they say. */
export function testArchive(path: string): { readonly names: readonly string[] } {
  execFileSync('unzip', ['-tqq', path], { stdio: 'pipe' });
  const sevenZip = execFileSync('7z', ['t', path], { encoding: 'utf8', maxBuffer: 1e8 });
  if (!sevenZip.includes('Everything is Ok') || /warning/i.test(sevenZip)) throw new Error(sevenZip);
  const script = 'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps(z.namelist()))';
  const names = execFileSync('python3', ['-c', script, path], { encoding: 'utf8', maxBuffer: 1e8 });
  return { names: JSON.parse(names) as string[] };
}

/** With the modes and times of the archive, in a time zone that it was not made in. */
export function unpack(path: string, into: string): void {
  mkdirSync(into, { recursive: true });
  execFileSync('sh', ['-c', 'umask 0; exec unzip -qq "$1" -d "$2"', 'sh', path, into], { stdio: 'pipe', env: { ...process.env, TZ: 'Asia/Shanghai' } });
}

/** The files below `root` that this process holds open (Linux). */
export function openFilesBelow(root: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(root) ? [target] : [];
    } catch {
      // The descriptor that listed the folder is gone by now.
      return [];
    }
  });
}

/** Bytes that this process has asked the system for, from files and elsewhere (Linux). */
export function bytesRead(): number {
  return Number(/^rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
}

export interface RawEntry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly versionNeeded: number;
  readonly content: Buffer;
}

/** The entries as a reader sees them that has only begun to get the archive: without its central directory. */
export function readForward(zip: Buffer): RawEntry[] {
  const entries: RawEntry[] = [];
  let at = 0;
  while (zip.readUInt32LE(at) === 0x04034b50) {
    const [versionNeeded, flags, method] = [zip.readUInt16LE(at + 4), zip.readUInt16LE(at + 6), zip.readUInt16LE(at + 8)];
    const nameEnd = at + 30 + zip.readUInt16LE(at + 26);
    const name = zip.toString('utf8', at + 30, nameEnd);
    const start = nameEnd + zip.readUInt16LE(at + 28);
    const streamed = (flags & 8) !== 0;
    const known = zip.subarray(start, start + zip.readUInt32LE(at + 18));
    const { buffer, engine } = inflateRawSync(method === 0 ? Buffer.from([3, 0]) : streamed ? zip.subarray(start) : known, { info: true }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    const content = method === 0 ? known : buffer;
    const end = start + (method === 0 ? known.length : engine.bytesWritten);
    const crc = zip.readUInt32LE(streamed ? end + 4 : at + 14);
    if (crc !== crc32(content) || (streamed && zip.readUInt32LE(end) !== 0x08074b50)) throw new Error(`${name} is damaged.`);
    entries.push({ name, method, flags, versionNeeded, content });
    at = end + (streamed ? 16 : 0);
  }
  if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error(`After ${entries.at(-1)?.name} comes no central directory.`);
  return entries;
}
