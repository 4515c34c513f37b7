import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createCrc64 } from '../../main/transfer/crc64.ts';
import { recipes, type DataName } from './data-recipes.ts';
import { Materials } from './materials.ts';

/** What an object must come to. */
export interface Expected {
  readonly bytes: number;
  /** Decimal, as `x-cos-hash-crc64ecma`. */
  readonly crc64: string;
}

/** Files on disk for a case. */
export interface DataSet {
  /** A folder; or the file, where there is one only. */
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
  /** Every file as an object, by its key below the prefix. */
  readonly expected: Readonly<Record<string, Expected>>;
}

// A change of how data is made must not find the old data.
const version = 1;
const cacheFolder = path.join(tmpdir(), `cos-ferry-bench-data-${version}`);

/** The data set, made now or by an earlier benchmark. */
export async function dataSet(name: DataName, quick: boolean): Promise<DataSet> {
  const folder = path.join(cacheFolder, quick ? `${name}-quick` : name);
  const manifest = `${folder}.json`;
  const known = await readFile(manifest, 'utf8').catch(() => null);
  if (known !== null) return JSON.parse(known) as DataSet;
  const made = await make(name, quick, folder);
  await writeFile(`${manifest}.new`, JSON.stringify(made));
  await rename(`${manifest}.new`, manifest);
  return made;
}

async function make(name: DataName, quick: boolean, folder: string): Promise<DataSet> {
  const { seed, plan } = recipes[name];
  const plans = plan(quick);
  const materials = new Materials(seed);
  const expected: Record<string, Expected> = {};
  const single = plans.length === 1;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const file of plans) {
    const full = path.join(folder, file.name);
    mkdirSync(path.dirname(full), { recursive: true });
    const crc64 = await createCrc64();
    const handle = openSync(full, 'w');
    for (const bytes of materials.take(file.kind, file.bytes)) {
      writeSync(handle, bytes);
      crc64.update(bytes);
    }
    closeSync(handle);
    expected[single ? file.name : `${path.basename(folder)}/${file.name}`] = { bytes: file.bytes, crc64: crc64.digestDecimal() };
  }
  const bytes = plans.reduce((sum, file) => sum + file.bytes, 0);
  return { path: single ? path.join(folder, plans[0]?.name ?? '') : folder, bytes, files: plans.length, expected };
}

/** Reads all of it once, so that no contender is the first to fetch it from the disk. */
export async function warm(data: DataSet): Promise<void> {
  const names = data.files === 1 ? [''] : await readdir(data.path, { recursive: true });
  const buffer = Buffer.alloc(4 * 1024 * 1024);
  for (const name of names) {
    const handle = await open(path.join(data.path, name));
    try {
      if ((await handle.stat()).isFile()) while ((await handle.read(buffer, 0, buffer.length)).bytesRead > 0);
    } finally {
      await handle.close();
    }
  }
}
