import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

/**
 * Unpacks some files of a zip: for archives pinned by their hash, of less than 4 GB, where neither
 * an `unzip` nor a package to do it can be counted on. Keeps the permission bits.
 * @param {string} zipPath
 * @param {string} directory
 * @param {(name: string) => string | null} place A file's path below `directory`, null to leave it out.
 */
export async function unzip(zipPath, directory, place) {
  const zip = await open(zipPath);
  try {
    for (const entry of await readEntries(zip)) {
      const path = entry.name.endsWith('/') ? null : place(entry.name);
      if (path === null) continue;
      const target = join(directory, path);
      await mkdir(dirname(target), { recursive: true });
      const header = await read(zip, entry.headerOffset, 30);
      const start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
      const output = createWriteStream(target, { mode: entry.mode });
      if (entry.compressedSize === 0) {
        output.end();
        continue;
      }
      const input = createReadStream(zipPath, { start, end: start + entry.compressedSize - 1 });
      if (entry.method === 0) await pipeline(input, output);
      else await pipeline(input, createInflateRaw(), output);
    }
  } finally {
    await zip.close();
  }
}

/** @typedef {{ name: string, method: number, mode: number, compressedSize: number, headerOffset: number }} Entry */

/**
 * @param {import('node:fs/promises').FileHandle} zip
 * @returns {Promise<Entry[]>}
 */
async function readEntries(zip) {
  const { size } = await zip.stat();
  const tail = await read(zip, Math.max(0, size - 65_557), Math.min(size, 65_557));
  const end = tail.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  if (end < 0) throw new Error('not a zip: it has no end record');
  const directory = await read(zip, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  const entries = [];
  for (let at = 0; at < directory.length;) {
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      mode: (directory.readUInt32LE(at + 38) >>> 16) & 0o777 || 0o644,
      compressedSize: directory.readUInt32LE(at + 20),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

async function read(/** @type {import('node:fs/promises').FileHandle} */ zip, /** @type {number} */ position, /** @type {number} */ length) {
  const { bytesRead, buffer } = await zip.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('the zip is cut short');
  return buffer;
}
