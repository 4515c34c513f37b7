import { open } from 'node:fs/promises';
import { archiveContent } from '../../../main/package/archive-content.ts';
import { createCrc64 } from '../../../main/transfer/crc64.ts';

/**
 * Packs a folder as the app does and drops the bytes. Arguments: the folder; with a second one the
 * archive is written there, and its CRC64 computed. Prints `{"bytes":…}`, and the `crc64`.
 */
const [folder = '.', file] = process.argv.slice(2);
const { signal } = new AbortController();
const content = await archiveContent([folder], signal);
const kept = file === undefined ? null : { handle: await open(file, 'w'), crc64: await createCrc64() };
let bytes = 0;
for await (const { data } of content.bytes(signal)) {
  bytes += data.length;
  kept?.crc64.update(data);
  await kept?.handle.writeFile(data);
}
await kept?.handle.close();
process.stdout.write(`${JSON.stringify({ bytes, crc64: kept?.crc64.digestDecimal() })}\n`);
