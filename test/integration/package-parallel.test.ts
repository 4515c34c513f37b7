import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { archiveContent, type ArchiveOptions } from '../../main/package/archive-content.ts';
import { blockBytes } from '../../main/package/pack-ahead.ts';
import { PackageWorkers } from '../../main/package/package-workers.ts';
import { bytesRead, drain, neverAborted, openFilesBelow, plant, readForward, save, scratchFolder, testArchive } from './package-fixture.ts';

const mebibyte = 1024 * 1024;
const pack = (root: string, options: ArchiveOptions = {}) => archiveContent([root], neverAborted(), options);
const text = (bytes: number): Buffer => Buffer.from(Array.from({ length: Math.ceil(bytes / 30) }, (_, index) => `entry ${index * 7919} is ${index % 1013}\n`).join('')).subarray(0, bytes);

/** Files on both sides of what is packed as a whole, of each kind that is packed differently. */
function edges(): Record<string, Buffer> {
  const sizes = [0, 1, blockBytes - 1, blockBytes, blockBytes + 1, 2 * blockBytes, 3 * blockBytes + 65_535];
  const kinds: Record<string, (bytes: number) => Buffer> = {
    'text.txt': text, 'noise.bin': randomBytes, 'stored.zip': text,
    'both.pak': (bytes) => Buffer.concat([text(bytes >> 1), randomBytes(bytes - (bytes >> 1))]),
  };
  return Object.fromEntries(Object.entries(kinds).flatMap(([name, make]) => sizes.map((bytes) => [`${bytes}/${name}`, make(bytes)])));
}

describe('a package that all cores pack', () => {
  it('has the same bytes with one thread and with many, and other bytes at another level', { timeout: 60_000 }, async () => {
    const root = plant(scratchFolder(), { ...edges(), ...Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`s/${index}.txt`, text(index * 13)])) });
    const hashes = await Promise.all([1, 2, 5].map(async (threads) => {
      const { sha256, sourceBytes } = await drain((await pack(root, { workers: new PackageWorkers(threads) })).bytes(neverAborted()));
      return { sha256, sourceBytes };
    }));
    expect(new Set(hashes.map(({ sha256 }) => sha256)).size).toBe(1);
    const code = plant(scratchFolder(), { 'a.js': readFileSync(join(process.cwd(), 'node_modules/typescript/lib/typescript.js')) });
    const lengths = await Promise.all((['fast', 'balanced', 'small'] as const).map(async (level) => (await drain((await pack(code, { level })).bytes(neverAborted()))).data.length));
    expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));
    expect(new Set(lengths).size).toBe(3);
  });

  it('is whole for every size around a block, also for who reads it without its end, and as large as announced', { timeout: 60_000 }, async () => {
    const files = edges();
    const root = plant(scratchFolder(), files);
    const content = await pack(root);
    const { data } = await drain(content.bytes(neverAborted()));
    expect(content.maxBytes).toBeGreaterThanOrEqual(data.length);
    const entries = readForward(data);
    expect(entries.map(({ name }) => name).sort()).toEqual(Object.keys(files).sort());
    for (const { name, content: bytes, method, flags, versionNeeded } of entries) {
      expect(bytes.equals(files[name]!), name).toBe(true);
      // UTF-8; CRC and sizes afterwards only where deflate says where the data ends.
      expect(flags, name).toBe(files[name]!.length > blockBytes ? 0x808 : 0x800);
      if (flags & 8) expect(method, name).toBe(8);
      expect(versionNeeded, name).toBe(20);
    }
    const byName = new Map(entries.map((entry) => [entry.name, entry.method]));
    expect(byName.get(`${blockBytes}/text.txt`)).toBe(8);
    for (const stored of ['0/text.txt', `${blockBytes}/noise.bin`, `${blockBytes}/stored.zip`]) expect(byName.get(stored), stored).toBe(0);
    testArchive(await save(content, join(scratchFolder(), 'edges.zip')));
  });

  it('announces hardly more than noise comes to', async () => {
    const content = await pack(plant(scratchFolder(), { 'a.bin': randomBytes(9 * mebibyte + 5), 'b.zip': randomBytes(mebibyte) }));
    const { data } = await drain(content.bytes(neverAborted()));
    expect(content.maxBytes - data.length).toBeGreaterThanOrEqual(0);
    expect(content.maxBytes - data.length).toBeLessThan(300);
  });

  it('stores only those blocks of a file that do not shrink', async () => {
    const { data } = await drain((await pack(plant(scratchFolder(), { 'a.pak': Buffer.concat([randomBytes(2 * mebibyte), Buffer.alloc(6 * mebibyte, 'text ')]) }))).bytes(neverAborted()));
    expect(data.length).toBeLessThan(2.1 * mebibyte);
    const half = Buffer.concat([Buffer.alloc(mebibyte / 2, 'text '), randomBytes(mebibyte / 2)]);
    const halves = await drain((await pack(plant(scratchFolder(), { 'a.pak': Buffer.concat([half, half, half]) }))).bytes(neverAborted()));
    expect(halves.data.length).toBeLessThan(1.6 * mebibyte);
  });

  it.runIf(process.platform === 'linux')('reads each byte once, and has few files open', { timeout: 60_000 }, async () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}.bin`, randomBytes(3 * mebibyte)]));
    const root = plant(scratchFolder(), files);
    const content = await pack(root, { workers: new PackageWorkers(2) });
    let most = 0;
    const before = bytesRead();
    for await (const _ of content.bytes(neverAborted())) most = Math.max(most, openFilesBelow(root).length);
    // And 32 KiB before each block.
    expect(bytesRead() - before).toBeLessThan(1.06 * content.sourceBytes);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(6);
    expect(openFilesBelow(root)).toEqual([]);
  });

  it('takes no more memory for a file of 1 GiB than for a smaller one', { timeout: 60_000 }, async () => {
    const root = plant(scratchFolder(), { 'a.zip': '' });
    truncateSync(join(root, 'a.zip'), 1024 * mebibyte);
    const before = process.memoryUsage.rss();
    let most = 0;
    for await (const _ of (await pack(root)).bytes(neverAborted())) most = Math.max(most, process.memoryUsage.rss());
    expect(most - before).toBeLessThan(400 * mebibyte);
  });

  it('comes in the same memory again and again, whose bytes stay until the next are asked for', { timeout: 30_000 }, async () => {
    const content = await pack(plant(scratchFolder(), { ...edges(), 'a.zip': randomBytes(24 * mebibyte) }));
    const { data: whole } = await drain(content.bytes(neverAborted()));
    const memory = new Set<ArrayBufferLike>();
    let position = 0;
    for await (const { data } of content.bytes(neverAborted())) {
      // All that may run ahead does.
      await delay(10);
      expect(data.equals(whole.subarray(position, position + data.length))).toBe(true);
      memory.add(data.buffer);
      position += data.length;
    }
    expect(position).toBe(whole.length);
    expect(memory.size).toBeLessThan(8);
  });

  it('has an entry of more than 4 GiB that was deflated', { timeout: 300_000 }, async () => {
    const root = plant(scratchFolder(), { 'a.bin': '', 'b.txt': 'after it' });
    truncateSync(join(root, 'a.bin'), 2 ** 32 + 70_001);
    const zip = await save(await pack(root, { level: 'fast' }), join(scratchFolder(), 'zeros.zip'));
    expect(execFileSync('7z', ['t', zip], { encoding: 'utf8' })).toMatch(/Everything is Ok[^]*Size:\s+4295037305/);
    execFileSync('unzip', ['-tqq', zip], { stdio: 'pipe' });
  });
});
