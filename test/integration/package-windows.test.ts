import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { archiveContent } from '../../main/package/archive-content.ts';
import { blockBytes } from '../../main/package/pack-ahead.ts';
import { centralHeader, dataDescriptor, endOfArchive, localHeader, type ZipEntry } from '../../main/package/zip-records.ts';
import { neverAborted, plant, save, scratchFolder } from './package-fixture.ts';
import { readAsWindows } from './read-as-windows.ts';

const files = {
  'bin/game.exe': randomBytes(2 * blockBytes + 17), 'assets/长/😀 emoji.txt': 'hello '.repeat(20_000), 'assets/text.txt': 'hello '.repeat(400_000),
  'logo.png': randomBytes(70_000), 'movie.zip': randomBytes(blockBytes + 1), zero: '', 'zero.png': '', 'empty/folder/': '', 'at most.bin': randomBytes(blockBytes),
};

async function packed(): Promise<string> {
  const root = plant(join(scratchFolder(), 'Game 游戏'), files);
  return save(await archiveContent([root], neverAborted()), join(scratchFolder(), 'out.zip'));
}

describe('a package', () => {
  it('keeps to what Windows\' own reader takes', async () => {
    expect([...readAsWindows(await packed())].sort()).toEqual(Object.keys(files).sort());
  });

  // The reader itself would be of no use if it took everything.
  it.each<[string, (zip: Buffer) => void, RegExp]>([
    ['a name with a backslash', (zip) => { everywhere(zip, 'bin/game.exe', 'bin\\game.exe'); }, /does not take/],
    ['a name that leads upward', (zip) => { everywhere(zip, 'bin/game.exe', '../game.exee'); }, /leads elsewhere/],
    ['a name from the root', (zip) => { everywhere(zip, 'bin/game.exe', '/in/game.exe'); }, /leads elsewhere/],
    ['a drive', (zip) => { everywhere(zip, 'bin/game.exe', 'C:n/game.exe'); }, /does not take/],
    ['two names that are one', (zip) => { everywhere(zip, 'zero.png', 'LOGO.PNG'); }, /one on Windows/],
    ['another name in front', (zip) => { zip.write('sin', zip.indexOf('bin/game.exe')); }, /another name/],
    ['a name that is not marked', (zip) => { flags(zip, (all) => all & ~0x800); }, /not said to be UTF-8/],
    ['an entry that is encrypted', (zip) => { flags(zip, (all) => all | 1); }, /flags/],
    ['a stored entry whose end is not told', (zip) => { flags(zip, (all) => all | 8); }, /nothing says where it ends/],
    ['another size behind the data', (zip) => { zip.writeUInt32LE(1, zip.indexOf(Buffer.from('PK\u0007\u0008')) + 12); }, /descriptor/],
    ['a wrong number of entries', (zip) => { zip.writeUInt16LE(3, zip.length - 14); zip.writeUInt16LE(3, zip.length - 12); }, /entries/],
  ])('would be refused for %s', async (_what, spoil, why) => {
    const zip = await packed();
    const bytes = readFileSync(zip);
    spoil(bytes);
    writeFileSync(zip, bytes);
    expect(() => readAsWindows(zip)).toThrow(why);
  });
});

describe('the records of zip64', () => {
  const entryOf = (name: string, change: Partial<ZipEntry> = {}): ZipEntry => ({
    name: Buffer.from(name), method: 8, mtimeMs: 0, unixMode: 0o100644, isFolder: false, crc: 7, size: 5, packedSize: 3, offset: 0, isStreamed: true, isLarge: true, ...change,
  });

  it('of an entry that may come to 4 GiB are what Windows\' own reader takes', () => {
    const large = entryOf('large.bin');
    const first = Buffer.concat([localHeader(large), Buffer.alloc(3), dataDescriptor(large)]);
    const small = entryOf('small.bin', { method: 0, size: 3, isStreamed: false, isLarge: false, offset: first.length });
    const entries = Buffer.concat([first, localHeader(small), Buffer.alloc(3)]);
    const central = Buffer.concat([centralHeader(large), centralHeader(small)]);
    const zip = join(scratchFolder(), 'large.zip');
    writeFileSync(zip, Buffer.concat([entries, central, endOfArchive(2, entries.length, central.length)]));
    expect(readAsWindows(zip)).toEqual(['large.bin', 'small.bin']);
  });

  it.each([65_534, 65_535, 65_536])('of %d entries are, too', (count) => {
    const [local, central]: [Buffer[], Buffer[]] = [[], []];
    for (let [index, offset] = [0, 0]; index < count; index++) {
      const entry = entryOf(`${index}`, { method: 0, size: 0, packedSize: 0, isStreamed: false, isLarge: false, offset });
      const header = localHeader(entry);
      local.push(header);
      central.push(centralHeader(entry));
      offset += header.length;
    }
    const [entries, directory] = [Buffer.concat(local), Buffer.concat(central)];
    const zip = join(scratchFolder(), 'many.zip');
    writeFileSync(zip, Buffer.concat([entries, directory, endOfArchive(count, entries.length, directory.length)]));
    expect(readAsWindows(zip)).toHaveLength(count);
  });
});

function everywhere(zip: Buffer, name: string, other: string): void {
  expect(Buffer.byteLength(other)).toBe(Buffer.byteLength(name));
  for (let at = zip.indexOf(name); at >= 0; at = zip.indexOf(name, at + 1)) zip.write(other, at);
}

/** Changes the flags of each entry, in both its headers. */
function flags(zip: Buffer, change: (flags: number) => number): void {
  for (const [signature, flagsAt] of [['PK\u0003\u0004', 6], ['PK\u0001\u0002', 8]] as const) {
    for (let at = zip.indexOf(signature); at >= 0; at = zip.indexOf(signature, at + 1)) zip.writeUInt16LE(change(zip.readUInt16LE(at + flagsAt)), at + flagsAt);
  }
}
