import { once } from 'node:events';
import { ZipArchive } from 'archiver';
import { expect, it } from 'vitest';
import { zipArchive } from '../../main/package/zip-archive.ts';

const entryCount = 300;

async function packed(archive: ZipArchive): Promise<{ bytes: Buffer; pieces: number }> {
  const pieces: Buffer[] = [];
  archive.on('data', (piece: Buffer) => pieces.push(piece));
  for (let index = 0; index < entryCount; index += 1) {
    const taken = once(archive, 'entry');
    const content = Buffer.alloc(index * 40, `entry ${index} `);
    archive.append(content, { name: `folder/长 ${index}.txt`, date: new Date(1_700_000_000_000), mode: 0o644, store: index % 2 === 0 });
    await taken;
  }
  const ended = once(archive, 'end');
  void archive.finalize();
  await ended;
  return { bytes: Buffer.concat(pieces), pieces: pieces.length };
}

it('archiver hands on its records in blocks, and the bytes are the ones it writes field by field', async () => {
  const plain = await packed(new ZipArchive({ zlib: { level: 6 } }));
  const joined = await packed(zipArchive(6));
  expect(joined.bytes.equals(plain.bytes)).toBe(true);
  expect(plain.pieces).toBeGreaterThan(20 * entryCount);
  expect(joined.pieces).toBeLessThan(2 * entryCount);
});
