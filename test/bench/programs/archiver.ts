import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipArchive } from 'archiver';

/**
 * archiver as its documentation uses it, at level 6: a folder, dropped or written to the file of
 * the second argument. Prints `{"bytes":…}`.
 */
const [folder = '.', file] = process.argv.slice(2);
const archive = new ZipArchive({ zlib: { level: 6 } });
const output = file === undefined ? new Writable({ write: (_chunk, _encoding, taken) => { taken(); } }) : createWriteStream(file);
archive.directory(folder, false);
await Promise.all([pipeline(archive, output), archive.finalize()]);
process.stdout.write(`${JSON.stringify({ bytes: archive.pointer() })}\n`);
