import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../main/package/content.ts';
import { fileContent } from '../../main/package/file-content.ts';
import { readRange } from '../../main/package/read-range.ts';
import { asOrdinaryUser, drain, neverAborted, openFilesBelow, plant, problemOf, scratchFolder } from './package-fixture.ts';

const mebibyte = 1024 * 1024;

async function planted(data: Buffer): Promise<{ path: string; content: Content }> {
  const path = join(plant(scratchFolder(), { 'game.bin': data }), 'game.bin');
  // A time that can be given to another file to the last digit.
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  return { path, content: await fileContent(path, 'build/game.bin') };
}

describe('a file as it is', () => {
  it.each([0, 1, mebibyte - 1, mebibyte, 3 * mebibyte + 17])('comes back byte for byte at %d bytes, twice', async (size) => {
    const data = randomBytes(size);
    const { content } = await planted(data);
    expect(content).toMatchObject({ name: 'build/game.bin', packed: false, sourceBytes: size, maxBytes: size, leftOut: [] });
    for (const _ of [1, 2]) {
      const read = await drain(content.bytes(neverAborted()));
      expect(read.data.equals(data)).toBe(true);
      expect(read.sourceBytes).toBe(size);
    }
  });

  it('comes in buffers that share no memory, so that they can be kept or handed to another thread', async () => {
    const { content } = await planted(randomBytes(2 * mebibyte + 5));
    const memory: ArrayBufferLike[] = [];
    for await (const { data } of content.bytes(neverAborted())) {
      expect(data.buffer.byteLength).toBe(data.length);
      memory.push(data.buffer);
    }
    expect(new Set(memory).size).toBe(3);
  });

  const changes: [string, string, (path: string) => void][] = [
    ['grows', 'source-changed', (path) => appendFileSync(path, 'more')],
    ['shrinks', 'source-changed', (path) => truncateSync(path, 100)],
    ['is written over in place', 'source-changed', (path) => writeFileSync(path, Buffer.alloc(3 * mebibyte, 1), { flag: 'r+' })],
    ['gives way to another of the same size and time', 'source-changed', (path) => {
      const { atime, mtime, size } = statSync(path);
      writeFileSync(`${path}.new`, Buffer.alloc(size, 2));
      utimesSync(`${path}.new`, atime, mtime);
      renameSync(`${path}.new`, path);
    }],
    ['vanishes', 'source-vanished', (path) => rmSync(path)],
  ];

  it.each(changes)('fails before its last chunk when it %s while it is read', async (_what, code, happen) => {
    const { path, content } = await planted(randomBytes(3 * mebibyte));
    let bytes = 0;
    const problem = await problemOf((async () => {
      for await (const chunk of content.bytes(neverAborted())) {
        if (bytes === 0) happen(path);
        bytes += chunk.data.length;
      }
    })());
    expect(problem).toMatchObject({ code, params: { name: 'build/game.bin' } });
    expect(bytes).toBeLessThan(3 * mebibyte);
  });

  it.each(changes)('fails when it %s between the drop and the reading', async (_what, code, happen) => {
    for (const size of [0, 300, 3 * mebibyte]) {
      const { path, content } = await planted(randomBytes(size));
      happen(path);
      expect(await problemOf(drain(content.bytes(neverAborted())))).toMatchObject({ code, params: { name: 'build/game.bin' } });
    }
  });

  it('does not wait for ever when a FIFO or a folder took its place', async () => {
    const { path, content } = await planted(randomBytes(10));
    rmSync(path);
    execFileSync('mkfifo', [path]);
    expect(await problemOf(drain(content.bytes(neverAborted())))).toMatchObject({ code: 'source-changed' });
    rmSync(path);
    mkdirSync(path);
    expect(await problemOf(drain(content.bytes(neverAborted())))).toMatchObject({ code: 'source-changed' });
  });

  it('is refused with its name where it is missing, no file or not to be read', async () => {
    const root = plant(scratchFolder(), { 'secret.bin': Buffer.alloc(300_000), 'small.bin': 'x', 'later.bin': 'x', 'folder/a': 'x' });
    chmodSync(join(root, 'secret.bin'), 0);
    chmodSync(join(root, 'small.bin'), 0);
    expect(await problemOf(fileContent(join(root, 'none'), 'n'))).toMatchObject({ code: 'source-missing', params: { name: 'n' } });
    expect(await problemOf(fileContent(join(root, 'folder'), 'f'))).toMatchObject({ code: 'source-not-a-file', params: { name: 'f' } });
    await asOrdinaryUser(async () => {
      expect(await problemOf(fileContent(join(root, 'secret.bin'), 's'))).toMatchObject({ code: 'source-unreadable', params: { name: 's' } });
      const small = await fileContent(join(root, 'small.bin'), 't');
      expect(await problemOf(readRange(small.file!, 0, Buffer.alloc(1), () => undefined))).toMatchObject({ code: 'source-unreadable', params: { name: 't' } });
      const later = await fileContent(join(root, 'later.bin'), 'l');
      process.seteuid?.(0);
      chmodSync(join(root, 'later.bin'), 0);
      process.seteuid?.(65534);
      expect(await problemOf(drain(later.bytes(neverAborted())))).toMatchObject({ code: 'source-unreadable', params: { name: 'l' } });
    });
  });

  it.runIf(process.platform === 'linux')('is closed after an abort and after a taker that stopped early', async () => {
    const { path, content } = await planted(randomBytes(3 * mebibyte));
    for await (const _ of content.bytes(neverAborted())) break;
    expect(openFilesBelow(path)).toEqual([]);
    const stop = new AbortController();
    const reading = (async () => {
      for await (const _ of content.bytes(stop.signal)) stop.abort();
    })();
    await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    expect(openFilesBelow(path)).toEqual([]);
  });
});
