import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileContent } from '../../main/package/file-content.ts';
import { identityOf } from '../../main/package/file-identity.ts';
import { readRange } from '../../main/package/read-range.ts';
import { readSmallFile, smallFileBytes } from '../../main/package/read-small-file.ts';
import type { SourceFile } from '../../main/package/source-file.ts';
import { asOrdinaryUser, openFilesBelow, plant, problemOf, scratchFolder } from './package-fixture.ts';

const mebibyte = 1024 * 1024;

async function planted(data: Buffer): Promise<{ path: string; file: SourceFile }> {
  const path = join(plant(scratchFolder(), { 'game.bin': data }), 'game.bin');
  // A time that can be given to another file to the last digit.
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  return { path, file: { path, name: 'build/game.bin', identity: identityOf(statSync(path)) } };
}

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

function read(file: SourceFile, onPiece: (piece: Buffer) => void = () => undefined): Promise<void> {
  return readRange(file, 0, Buffer.alloc(file.identity.size), async (piece) => { onPiece(piece); });
}

describe('a range of a file', () => {
  it.each([1, mebibyte - 1, mebibyte, 3 * mebibyte + 17])('is there byte for byte, piece by piece, at %d bytes', async (size) => {
    const data = randomBytes(size);
    const { file } = await planted(data);
    const [into, pieces] = [Buffer.alloc(size), [] as Buffer[]];
    await readRange(file, 0, into, async (piece) => { pieces.push(Buffer.from(piece)); });
    expect(into.equals(data)).toBe(true);
    expect(Buffer.concat(pieces).equals(data)).toBe(true);
  });

  it.each(changes)('is refused when the file %s while it is read', async (_what, code, happen) => {
    const { path, file } = await planted(randomBytes(3 * mebibyte));
    let happened = false;
    const reading = read(file, () => {
      if (!happened) happen(path);
      happened = true;
    });
    expect(await problemOf(reading)).toMatchObject({ code, params: { name: 'build/game.bin' } });
    expect(openFilesBelow(path)).toEqual([]);
  });

  it.each(changes)('is refused when the file %s between the drop and the reading', async (_what, code, happen) => {
    const { path, file } = await planted(randomBytes(3 * mebibyte));
    happen(path);
    expect(await problemOf(read(file))).toMatchObject({ code, params: { name: 'build/game.bin' } });
  });

  it('does not wait for ever when a FIFO or a folder took its place', async () => {
    const { path, file } = await planted(randomBytes(10));
    rmSync(path);
    execFileSync('mkfifo', [path]);
    expect(await problemOf(read(file))).toMatchObject({ code: 'source-changed' });
    rmSync(path);
    mkdirSync(path);
    expect(await problemOf(read(file))).toMatchObject({ code: 'source-changed' });
  });
});

describe('a small file', () => {
  const into = (): Buffer => Buffer.alloc(smallFileBytes);

  it.each([0, 1, 20_000, smallFileBytes])('is read whole at %d bytes, whatever it was before', async (size) => {
    const data = randomBytes(size);
    const { path, file } = await planted(randomBytes(7));
    writeFileSync(path, data);
    expect(readSmallFile(file, into())?.equals(data)).toBe(true);
    expect(openFilesBelow(path)).toEqual([]);
  });

  it('is none with one byte more', async () => {
    const { file } = await planted(randomBytes(smallFileBytes + 1));
    expect(readSmallFile(file, into())).toBeNull();
  });

  it('is refused with its name where it is missing, no file or not to be read', async () => {
    const root = plant(scratchFolder(), { 'secret.bin': 'x', 'folder/a': 'x' });
    chmodSync(join(root, 'secret.bin'), 0);
    execFileSync('mkfifo', [join(root, 'fifo')]);
    const problem = (name: string) => problemOf((async () => readSmallFile({ path: join(root, name), name }, into()))());
    expect(await problem('none')).toMatchObject({ code: 'source-missing', params: { name: 'none' } });
    expect(await problem('folder')).toMatchObject({ code: 'source-not-a-file', params: { name: 'folder' } });
    expect(await problem('fifo')).toMatchObject({ code: 'source-not-a-file', params: { name: 'fifo' } });
    await asOrdinaryUser(async () => {
      expect(await problem('secret.bin')).toMatchObject({ code: 'source-unreadable', params: { name: 'secret.bin' } });
    });
  });
});

describe('a file as it is', () => {
  it('is looked at unless it was small when it was seen last', async () => {
    const root = plant(scratchFolder(), { 'large.bin': Buffer.alloc(300_000), 'small.bin': 'x' });
    expect(await fileContent(join(root, 'large.bin'), 'l', null)).toMatchObject({ packed: false, sourceBytes: 300_000, maxBytes: 300_000, file: { name: 'l', identity: { size: 300_000 } } });
    expect(await fileContent(join(root, 'small.bin'), 's', null)).toMatchObject({ packed: false, sourceBytes: 1, smallFile: { name: 's' } });
    expect(await fileContent(join(root, 'none'), 'n', { bytes: 5, mtimeMs: 7 })).toMatchObject({ sourceBytes: 5, modifiedAtMs: 7, smallFile: { path: join(root, 'none'), name: 'n' } });
  });

  it('is refused with its name where it is missing, no file or not to be read', async () => {
    const root = plant(scratchFolder(), { 'secret.bin': Buffer.alloc(300_000), 'folder/a': 'x' });
    chmodSync(join(root, 'secret.bin'), 0);
    expect(await problemOf(fileContent(join(root, 'none'), 'n', null))).toMatchObject({ code: 'source-missing', params: { name: 'n' } });
    expect(await problemOf(fileContent(join(root, 'folder'), 'f', null))).toMatchObject({ code: 'source-not-a-file', params: { name: 'f' } });
    await asOrdinaryUser(async () => {
      expect(await problemOf(fileContent(join(root, 'secret.bin'), 's', null))).toMatchObject({ code: 'source-unreadable', params: { name: 's' } });
    });
  });
});
