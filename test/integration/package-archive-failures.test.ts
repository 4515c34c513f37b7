import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { archiveContent } from '../../main/package/archive-content.ts';
import type { PackageContent } from '../../main/package/content.ts';
import { PackageWorkers } from '../../main/package/package-workers.ts';
import { asOrdinaryUser, bytesRead, drain, neverAborted, openFilesBelow, plant, problemOf, scratchFolder } from './package-fixture.ts';

const mebibyte = 1024 * 1024;
const endOfArchive = Buffer.from('PK\u0005\u0006');
const pack = (...paths: string[]) => archiveContent(paths, neverAborted());
const aborted = expect.objectContaining({ name: 'AbortError' }) as Error;

/** A first file that takes a while, so that what comes after it has not been read when the first chunk is there. */
function build(): string {
  return plant(join(scratchFolder(), 'build'), {
    'a-large.zip': randomBytes(24 * mebibyte), 'b-large.bin': randomBytes(24 * mebibyte), 'z/small.txt': 'small', 'z/zero': '',
  });
}

/** Not the bytes themselves: a failed expectation would print all 48 MiB of them. */
async function hashOf(content: PackageContent, signal: AbortSignal): Promise<string> {
  return (await drain(content.bytes(signal))).sha256;
}

/** Takes one chunk, lets `happen` happen, takes the rest, and returns all that came. */
async function interrupted(content: PackageContent, happen: () => void, seen: Buffer[]): Promise<void> {
  for await (const { data } of content.bytes(neverAborted())) {
    if (seen.length === 0) happen();
    seen.push(Buffer.from(data));
  }
}

describe('a package whose folder does not hold still', () => {
  const changes: [string, string, string, (root: string) => void][] = [
    ['a large file grows while it is read', 'source-changed', 'a-large.zip', (root) => appendFileSync(join(root, 'a-large.zip'), 'x')],
    ['a large file shrinks while it is read', 'source-changed', 'a-large.zip', (root) => truncateSync(join(root, 'a-large.zip'), 100)],
    ['a large file vanishes while it is read', 'source-vanished', 'a-large.zip', (root) => unlinkSync(join(root, 'a-large.zip'))],
    ['a large file vanishes before its turn', 'source-vanished', 'b-large.bin', (root) => unlinkSync(join(root, 'b-large.bin'))],
    ['a large file grows before its turn', 'source-changed', 'b-large.bin', (root) => appendFileSync(join(root, 'b-large.bin'), 'x')],
    ['a small file vanishes before its turn', 'source-vanished', 'z/small.txt', (root) => unlinkSync(join(root, 'z/small.txt'))],
    ['a small file shrinks before its turn', 'source-changed', 'z/small.txt', (root) => truncateSync(join(root, 'z/small.txt'), 2)],
    ['an empty file grows before its turn', 'source-changed', 'z/zero', (root) => appendFileSync(join(root, 'z/zero'), 'x')],
    ['a folder vanishes before its turn', 'source-vanished', 'z/small.txt', (root) => rmSync(join(root, 'z'), { recursive: true })],
    ['a file is added behind its back', 'source-changed', 'a-added', (root) => writeFileSync(join(root, 'a-added'), 'x')],
    ['an empty folder is added behind its back', 'source-changed', 'added', (root) => mkdirSync(join(root, 'added'))],
    ['a link is added behind its back', 'source-changed', 'link', (root) => symlinkSync('z', join(root, 'link'))],
    ['all of it vanishes', 'source-vanished', 'a-large.zip', (root) => rmSync(root, { recursive: true })],
  ];

  it.each(changes)('fails with the name, and never ends like an archive, when %s', { timeout: 30_000 }, async (_what, code, name, happen) => {
    const root = build();
    const content = await pack(root);
    const seen: Buffer[] = [];
    expect(await problemOf(interrupted(content, () => happen(root), seen))).toMatchObject({ code, params: { name } });
    expect(seen.length).toBeGreaterThan(0);
    expect(Buffer.concat(seen).subarray(-64).includes(endOfArchive)).toBe(false);
    if (process.platform === 'linux') expect(openFilesBelow(root)).toEqual([]);
  });

  it('fails at the end when a file changes after its turn', { timeout: 30_000 }, async () => {
    const root = plant(join(scratchFolder(), 'build'), { 'a-first.txt': 'first', 'b-large.bin': randomBytes(16 * mebibyte) });
    const seen: Buffer[] = [];
    const work = interrupted(await pack(root), () => appendFileSync(join(root, 'a-first.txt'), '!'), seen);
    expect(await problemOf(work)).toMatchObject({ code: 'source-changed', params: { name: 'a-first.txt' } });
    expect(Buffer.concat(seen).subarray(-64).includes(endOfArchive)).toBe(false);
  });

  it('fails with the name when the folder changed between the drop and the packing', async () => {
    const root = plant(join(scratchFolder(), 'build'), { 'a.txt': 'a', 'b.txt': 'b' });
    const content = await pack(root);
    appendFileSync(join(root, 'b.txt'), '!');
    expect(await problemOf(drain(content.bytes(neverAborted())))).toMatchObject({ code: 'source-changed', params: { name: 'b.txt' } });
  });

  it('fails before it begins when a file may not be read, and midway when it is closed off later', async () => {
    const root = plant(join(scratchFolder(), 'build'), { 'a.txt': 'a', 'in/secret.bin': 'b' });
    const content = await pack(root);
    chmodSync(join(root, 'in/secret.bin'), 0);
    await asOrdinaryUser(async () => {
      const problem = { code: 'source-unreadable', params: { name: 'in/secret.bin' } };
      expect(await problemOf(pack(root))).toMatchObject(problem);
      expect(await problemOf(drain(content.bytes(neverAborted())))).toMatchObject(problem);
    });
  });
});

describe('a package that is not wanted any more', () => {
  it.runIf(process.platform === 'linux')('leaves nothing open when it is aborted while a chunk is awaited, while none is, or before', async () => {
    const root = build();
    const content = await pack(root);

    const whileAwaited = new AbortController();
    const rejected = expect(hashOf(content, whileAwaited.signal)).rejects.toThrow(aborted);
    await expect.poll(() => openFilesBelow(root), { interval: 1 }).not.toEqual([]);
    whileAwaited.abort();
    await rejected;
    expect(openFilesBelow(root)).toEqual([]);

    const whileIdle = new AbortController();
    const chunks = content.bytes(whileIdle.signal)[Symbol.asyncIterator]();
    await chunks.next();
    expect(openFilesBelow(root)).not.toEqual([]);
    whileIdle.abort();
    // Nobody asks for another chunk: the files are closed all the same.
    await expect.poll(() => openFilesBelow(root)).toEqual([]);
    await expect(chunks.next()).rejects.toThrow(aborted);

    await expect(hashOf(content, AbortSignal.abort())).rejects.toThrow(aborted);
    await expect(archiveContent([root], AbortSignal.abort())).rejects.toThrow(aborted);
    expect(openFilesBelow(root)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('leaves nothing open when its taker stops early', async () => {
    const root = build();
    for await (const _ of (await pack(root)).bytes(neverAborted())) break;
    expect(openFilesBelow(root)).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('a package that is taken slowly', () => {
  const many = () => Object.fromEntries(Array.from({ length: 6000 }, (_, index) => [`${index}.zip`, randomBytes(8 * 1024)]));
  it.each([
    ['one large file that is stored', () => ({ 'a.zip': randomBytes(48 * mebibyte) })],
    ['one large file that is deflated', () => ({ 'a.bin': Buffer.concat(Array.from({ length: 24 }, () => Buffer.concat([randomBytes(mebibyte), Buffer.alloc(mebibyte)]))) })],
    ['many small files', many],
  ])('is not read ahead into memory: %s', { timeout: 30_000 }, async (_what, files) => {
    const workers = new PackageWorkers(2);
    const content = await archiveContent([plant(scratchFolder(), files())], neverAborted(), { workers });
    const before = bytesRead();
    const stop = new AbortController();
    const chunks = content.bytes(stop.signal)[Symbol.asyncIterator]();
    await chunks.next();
    // Left alone, it goes on until its buffers are full.
    await delay(500);
    await chunks.next();
    expect(bytesRead() - before).toBeLessThan(16 * mebibyte);
    stop.abort();
  });
});
