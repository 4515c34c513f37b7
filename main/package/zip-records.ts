/** What the records of one entry are made of. Sizes and offsets in bytes. */
export interface ZipEntry {
  readonly name: Buffer;
  readonly method: 0 | 8;
  readonly mtimeMs: number;
  /** The file's kind and permissions, as Unix has them. */
  readonly unixMode: number;
  readonly isFolder: boolean;
  readonly crc: number;
  readonly size: number;
  readonly packedSize: number;
  readonly offset: number;
  /** Sizes and CRC come after the data. */
  readonly isStreamed: boolean;
  /** The entry may come to 4 GiB, so that every record of it has sizes of eight bytes. */
  readonly isLarge: boolean;
}

/** The largest value of a field of four bytes: it says "see the zip64 field". */
export const most32 = 0xffffffff;
const most16 = 0xffff;

const versionDeflate = 20;
const versionZip64 = 45;
const madeByUnix = (3 << 8) | versionZip64;
const flagStreamed = 1 << 3;
const flagUtf8 = 1 << 11;
const attributeFolder = 0x10;
const zip64Id = 0x0001;
const timesId = 0x5455;
const timesHaveModified = 1;

/** Bytes that one entry's records take at most, without its name (which is there twice). */
export const recordBytesPerEntry = 30 + 20 + 9 + 24 + 46 + 28 + 9;
/** Bytes of the archive's end at most. */
export const endBytes = 56 + 20 + 22;

/** APPNOTE 4.3.7. */
export function localHeader(entry: ZipEntry): Buffer {
  const zip64 = entry.isLarge ? zip64Field([entry.isStreamed ? 0 : entry.size, entry.isStreamed ? 0 : entry.packedSize]) : nothing;
  const times = timesField(entry.mtimeMs);
  const record = Buffer.alloc(30);
  record.writeUInt32LE(0x04034b50, 0);
  writeShared(record, 4, entry);
  if (entry.isStreamed) record.writeUInt32LE(0, 14);
  const fixed = entry.isLarge ? most32 : entry.isStreamed ? 0 : null;
  record.writeUInt32LE(fixed ?? entry.packedSize, 18);
  record.writeUInt32LE(fixed ?? entry.size, 22);
  record.writeUInt16LE(entry.name.length, 26);
  record.writeUInt16LE(zip64.length + times.length, 28);
  return Buffer.concat([record, entry.name, zip64, times]);
}

/** APPNOTE 4.3.9. */
export function dataDescriptor(entry: ZipEntry): Buffer {
  const record = Buffer.alloc(entry.isLarge ? 24 : 16);
  record.writeUInt32LE(0x08074b50, 0);
  record.writeUInt32LE(entry.crc, 4);
  if (entry.isLarge) {
    record.writeBigUInt64LE(BigInt(entry.packedSize), 8);
    record.writeBigUInt64LE(BigInt(entry.size), 16);
  } else {
    record.writeUInt32LE(entry.packedSize, 8);
    record.writeUInt32LE(entry.size, 12);
  }
  return record;
}

/** APPNOTE 4.3.12. */
export function centralHeader(entry: ZipEntry): Buffer {
  const isFar = entry.offset >= most32;
  const wide = [...(entry.isLarge ? [entry.size, entry.packedSize] : []), ...(isFar ? [entry.offset] : [])];
  const zip64 = wide.length > 0 ? zip64Field(wide) : nothing;
  const times = timesField(entry.mtimeMs);
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(madeByUnix, 4);
  writeShared(record, 6, entry);
  if (isFar) record.writeUInt16LE(versionZip64, 6);
  record.writeUInt32LE(entry.isLarge ? most32 : entry.packedSize, 20);
  record.writeUInt32LE(entry.isLarge ? most32 : entry.size, 24);
  record.writeUInt16LE(entry.name.length, 28);
  record.writeUInt16LE(zip64.length + times.length, 30);
  record.writeUInt32LE(((entry.unixMode << 16) | (entry.isFolder ? attributeFolder : 0)) >>> 0, 38);
  record.writeUInt32LE(isFar ? most32 : entry.offset, 42);
  return Buffer.concat([record, entry.name, zip64, times]);
}

/** APPNOTE 4.3.14 to 4.3.16, with the zip64 records only where a field needs them. */
export function endOfArchive(entries: number, centralOffset: number, centralBytes: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Math.min(entries, most16), 8);
  end.writeUInt16LE(Math.min(entries, most16), 10);
  end.writeUInt32LE(Math.min(centralBytes, most32), 12);
  end.writeUInt32LE(Math.min(centralOffset, most32), 16);
  if (entries < most16 && centralBytes < most32 && centralOffset < most32) return end;

  const zip64 = Buffer.alloc(56);
  zip64.writeUInt32LE(0x06064b50, 0);
  zip64.writeBigUInt64LE(44n, 4);
  zip64.writeUInt16LE(madeByUnix, 12);
  zip64.writeUInt16LE(versionZip64, 14);
  zip64.writeBigUInt64LE(BigInt(entries), 24);
  zip64.writeBigUInt64LE(BigInt(entries), 32);
  zip64.writeBigUInt64LE(BigInt(centralBytes), 40);
  zip64.writeBigUInt64LE(BigInt(centralOffset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(centralOffset + centralBytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([zip64, locator, end]);
}

/** From "version needed" to the CRC, the same in both headers. */
function writeShared(record: Buffer, at: number, entry: ZipEntry): void {
  const { date, time } = dosTime(entry.mtimeMs);
  record.writeUInt16LE(entry.isLarge ? versionZip64 : versionDeflate, at);
  record.writeUInt16LE(flagUtf8 | (entry.isStreamed ? flagStreamed : 0), at + 2);
  record.writeUInt16LE(entry.method, at + 4);
  record.writeUInt16LE(time, at + 6);
  record.writeUInt16LE(date, at + 8);
  record.writeUInt32LE(entry.crc, at + 10);
}

const nothing = Buffer.alloc(0);

/** APPNOTE 4.5.3. */
function zip64Field(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(zip64Id, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [index, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * index);
  return field;
}

/** Info-ZIP's "extended timestamp": seconds of UTC, where the DOS fields are in no time zone and even seconds. */
function timesField(mtimeMs: number): Buffer {
  const seconds = Math.floor(mtimeMs / 1000);
  if (seconds !== (seconds | 0)) return nothing;
  const field = Buffer.alloc(9);
  field.writeUInt16LE(timesId, 0);
  field.writeUInt16LE(5, 2);
  field.writeUInt8(timesHaveModified, 4);
  field.writeInt32LE(seconds, 5);
  return field;
}

/** APPNOTE 4.4.6, in UTC, between its first day and its last. */
function dosTime(mtimeMs: number): { readonly date: number; readonly time: number } {
  const moment = new Date(Math.min(Math.max(mtimeMs, Date.UTC(1980, 0, 1)), Date.UTC(2107, 11, 31, 23, 59, 58)));
  return {
    date: ((moment.getUTCFullYear() - 1980) << 9) | ((moment.getUTCMonth() + 1) << 5) | moment.getUTCDate(),
    time: (moment.getUTCHours() << 11) | (moment.getUTCMinutes() << 5) | (moment.getUTCSeconds() >> 1),
  };
}
