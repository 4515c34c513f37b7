import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

interface Central {
  readonly name: string;
  readonly shared: Shared;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

interface Shared {
  readonly version: number;
  readonly flags: number;
  readonly method: number;
}

const most16 = 0xffff;
const most32 = 0xffffffff;
const [streamed, utf8] = [1 << 3, 1 << 11];
const zip64Id = 1;

/**
 * Reads an archive's structure, not its data, as strictly as Windows' own reader takes it, by APPNOTE
 * and independently of what has written it: names that Windows can keep and tell apart, UTF-8 that is
 * marked, sizes in front wherever "stored", zip64 fields that are just those that are needed, both
 * headers of one mind, and nothing between the entries. Returns the names; throws what is wrong.
 */
export function readAsWindows(path: string): readonly string[] {
  const fd = openSync(path, 'r');
  try {
    const read = (at: number, bytes: number): Buffer => {
      const data = Buffer.alloc(bytes);
      demand(readSync(fd, data, 0, bytes, at) === bytes, `There are no ${bytes} bytes at ${at}.`);
      return data;
    };
    const { entries, centralAt, centralBytes } = readEnd(read, fstatSync(fd).size);
    const central = readCentral(read(centralAt, centralBytes), entries);
    let at = 0;
    for (const entry of central) {
      demand(entry.offset === at, `${entry.name}: begins at ${entry.offset}, and what was before ends at ${at}.`);
      at = readLocal(read, entry);
    }
    demand(at === centralAt, 'There is something between the entries and the central directory.');
    expectNames(central);
    return central.map(({ name }) => name);
  } finally {
    closeSync(fd);
  }
}

function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise);
}

function readEnd(read: (at: number, bytes: number) => Buffer, fileBytes: number): { entries: number; centralAt: number; centralBytes: number } {
  const end = read(fileBytes - 22, 22);
  demand(end.readUInt32LE(0) === 0x06054b50 && end.readUInt16LE(20) === 0, 'It does not end as an archive without a comment does.');
  demand(end.readUInt32LE(4) === 0 && end.readUInt16LE(8) === end.readUInt16LE(10), 'It says that it is on several disks.');
  const small = { entries: end.readUInt16LE(10), centralBytes: end.readUInt32LE(12), centralAt: end.readUInt32LE(16) };
  if (small.entries < most16 && small.centralBytes < most32 && small.centralAt < most32) {
    demand(small.centralAt + small.centralBytes === fileBytes - 22, 'The central directory is not just before the end.');
    return small;
  }
  const locator = read(fileBytes - 42, 20);
  demand(locator.readUInt32LE(0) === 0x07064b50 && locator.readUInt32LE(4) === 0 && locator.readUInt32LE(16) === 1, 'There is no zip64 locator of one disk.');
  const endAt = Number(locator.readBigUInt64LE(8));
  const large = read(endAt, 56);
  demand(large.readUInt32LE(0) === 0x06064b50 && large.readBigUInt64LE(4) === 44n && endAt + 56 === fileBytes - 42, 'There is no zip64 end where the locator has it.');
  const [entries, centralBytes, centralAt] = [32, 40, 48].map((field) => Number(large.readBigUInt64LE(field))) as [number, number, number];
  demand(large.readBigUInt64LE(24) === large.readBigUInt64LE(32) && centralAt + centralBytes === endAt, 'The zip64 end contradicts itself.');
  for (const [short, long, most] of [[small.entries, entries, most16], [small.centralBytes, centralBytes, most32], [small.centralAt, centralAt, most32]] as const) {
    demand(short === (long < most ? long : most), 'The two ends contradict each other.');
  }
  return { entries, centralAt, centralBytes };
}

function readCentral(directory: Buffer, count: number): Central[] {
  const found: Central[] = [];
  let at = 0;
  while (at < directory.length) {
    demand(directory.readUInt32LE(at) === 0x02014b50, `Entry ${found.length} has no central header.`);
    const [nameBytes, extraBytes] = [directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30)];
    demand(directory.readUInt16LE(at + 32) === 0 && directory.readUInt16LE(at + 34) === 0, 'It has a comment, or is on another disk.');
    const name = nameOf(directory.subarray(at + 46, at + 46 + nameBytes));
    const extra = extrasOf(directory.subarray(at + 46 + nameBytes, at + 46 + nameBytes + extraBytes), name);
    const wide = [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)];
    const [size, packed, offset] = widened(wide, extra.get(zip64Id), name) as [number, number, number];
    const shared = readShared(directory, at + 6, name);
    demand(!extra.has(zip64Id) || shared.version >= 45, `${name}: has zip64 fields, but asks for version ${shared.version}.`);
    demand(name.endsWith('/') === ((directory.readUInt32LE(at + 38) & 0x10) !== 0), `${name}: its name and its attributes do not agree on whether it is a folder.`);
    demand(!name.endsWith('/') || size === 0, `${name}: a folder with data.`);
    found.push({ name, shared, crc: directory.readUInt32LE(at + 16), packed, size, offset });
    at += 46 + nameBytes + extraBytes;
  }
  demand(found.length === count, `It says that it has ${count} entries, and has ${found.length}.`);
  return found;
}

/** Returns where the entry ends. */
function readLocal(read: (at: number, bytes: number) => Buffer, entry: Central): number {
  const { name, offset, shared } = entry;
  const header = read(offset, 30);
  demand(header.readUInt32LE(0) === 0x04034b50, `${name}: has no local header where it should be.`);
  const [nameBytes, extraBytes] = [header.readUInt16LE(26), header.readUInt16LE(28)];
  const rest = read(offset + 30, nameBytes + extraBytes);
  demand(nameOf(rest.subarray(0, nameBytes)) === name, `${name}: has another name in front.`);
  const own = readShared(header, 4, name);
  demand(own.flags === shared.flags && own.method === shared.method && own.version <= shared.version, `${name}: its two headers do not agree.`);
  const zip64 = extrasOf(rest.subarray(nameBytes), name).get(zip64Id);
  demand(!zip64 || (zip64.length === 16 && own.version >= 45), `${name}: in front, a zip64 field has both sizes.`);
  const [crc, packed, size] = [header.readUInt32LE(14), header.readUInt32LE(18), header.readUInt32LE(22)];
  const dataEnd = offset + 30 + nameBytes + extraBytes + entry.packed;
  if ((own.flags & streamed) === 0) {
    const [wideSize, widePacked] = zip64 ? widened([size, packed], zip64, name) : [size, packed];
    demand(crc === entry.crc && wideSize === entry.size && widePacked === entry.packed, `${name}: its two headers do not agree about its sizes.`);
    return dataEnd;
  }
  const empty = zip64 ? most32 : 0;
  demand(crc === 0 && packed === empty && size === empty, `${name}: its sizes come afterwards, and yet there are some in front.`);
  const wideBytes = zip64 ? 8 : 4;
  const after = read(dataEnd, 8 + 2 * wideBytes);
  const wideAt = (at: number): number => zip64 ? Number(after.readBigUInt64LE(at)) : after.readUInt32LE(at);
  demand(after.readUInt32LE(0) === 0x08074b50 && after.readUInt32LE(4) === entry.crc, `${name}: behind its data there is no descriptor of it.`);
  demand(wideAt(8) === entry.packed && wideAt(8 + wideBytes) === entry.size, `${name}: its descriptor has other sizes, or other widths of them.`);
  return dataEnd + after.length;
}

function readShared(record: Buffer, at: number, name: string): Shared {
  const [version, flags, method] = [record.readUInt16LE(at), record.readUInt16LE(at + 2), record.readUInt16LE(at + 4)];
  demand((flags & ~(streamed | utf8)) === 0, `${name}: has flags ${flags.toString(2)}.`);
  demand((flags & utf8) !== 0, `${name}: its name is not said to be UTF-8.`);
  demand(method === 0 || method === 8, `${name}: is packed by method ${method}.`);
  demand(method === 8 || (flags & streamed) === 0, `${name}: is stored, and nothing says where it ends.`);
  demand(version === 20 || version === 45, `${name}: asks for version ${version}.`);
  return { version, flags, method };
}

function nameOf(bytes: Buffer): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function extrasOf(bytes: Buffer, name: string): Map<number, Buffer> {
  const fields = new Map<number, Buffer>();
  for (let at = 0; at < bytes.length;) {
    demand(at + 4 <= bytes.length, `${name}: has half an extra field.`);
    const [id, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    demand(at + 4 + length <= bytes.length && !fields.has(id), `${name}: has extra fields that cannot be read.`);
    fields.set(id, bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}

/** Each value that stands in the zip64 field, in its order, where its own place is full. */
function widened(values: readonly number[], field: Buffer | undefined, name: string): readonly number[] {
  let at = 0;
  const wide = values.map((value) => {
    if (value !== most32) return value;
    demand(field !== undefined && at + 8 <= field.length, `${name}: a zip64 field is missing.`);
    at += 8;
    return Number(field.readBigUInt64LE(at - 8));
  });
  demand(at === (field?.length ?? 0), `${name}: its zip64 field holds more than is asked of it.`);
  return wide;
}

function expectNames(entries: readonly Central[]): void {
  const known = new Map<string, string>();
  for (const { name } of entries) {
    // eslint-disable-next-line no-control-regex -- control characters are among what is refused
    demand(!/[\\:*?"<>|\u0000-\u001f]/u.test(name), `${name}: has a character that Windows does not take.`);
    const segments = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
    for (const segment of segments) demand(segment !== '' && segment !== '.' && segment !== '..', `${name}: leads elsewhere.`);
    const same = segments.join('/').toLowerCase();
    demand(!known.has(same), `${name} and ${known.get(same)} are one on Windows.`);
    known.set(same, name);
  }
}
