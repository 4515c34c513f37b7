import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { ZipEntryData } from 'archiver';
import { packedBound } from './archive-bound.ts';
import { crc32Combine } from './crc32-combine.ts';
import { blockBytes, type FileEntry, type PackedPiece } from './pack-ahead.ts';
import { storedBlocks } from './stored-blocks.ts';
import { centralHeader, dataDescriptor, endOfArchive, localHeader, most32, type ZipEntry } from './zip-records.ts';

/** What archiver hands on of an entry, and the file whose content is packed already. */
export interface PackageEntryData extends ZipEntryData {
  readonly date: Date;
  readonly mode: number;
  readonly linkname?: string;
  readonly file?: FileEntry;
}

const kindOfMode = { file: 0o100000, directory: 0o040000, symlink: 0o120000 };
const blocksAhead = 2;

/**
 * archiver's format module: the zip's bytes, in blocks of `blockBytes`, which are to be given back.
 * A file up to a block is stored or deflated with everything told in its header; a larger one is
 * always a deflate stream, whose blocks may be stored, with CRC and sizes after it: "stored" with
 * those after it is what streaming readers refuse.
 */
export class PackageZip extends Readable {
  readonly #pieces: AsyncIterator<readonly PackedPiece[], void>;
  #atHand: readonly PackedPiece[] = [];
  #taken = 0;
  readonly #central: Buffer[] = [];
  #centralBytes = 0;
  #offset = 0;
  readonly #idle: Buffer[] = [];
  #block = this.#memory();
  #used = 0;
  #sourceBytes = 0;
  readonly #sourceBytesOf = new WeakMap<Buffer, number>();
  #isFull = false;
  #wake: (() => void) | undefined;

  constructor(pieces: AsyncIterator<readonly PackedPiece[], void>) {
    super({ objectMode: true, highWaterMark: blocksAhead });
    this.#pieces = pieces;
  }

  /** How many bytes of the source were newly used for a block that came out. */
  sourceBytesOf(block: Buffer): number {
    return this.#sourceBytesOf.get(block) ?? 0;
  }

  /** Nobody needs this block any more: its memory is written to again. */
  giveBack(block: Buffer): void {
    if (block.length === blockBytes) this.#idle.push(block);
  }

  /** archiver calls it for one entry after the other, in their order. */
  append(_source: unknown, data: PackageEntryData, callback: (error?: unknown) => void): void {
    this.#append(data).then(() => callback(), callback);
  }

  /** Writes what makes the entries an archive. */
  finalize(): void {
    const offset = this.#offset;
    for (const record of this.#central) this.#write(record);
    this.#write(endOfArchive(this.#central.length, offset, this.#centralBytes));
    this.#emit();
    this.push(null);
  }

  override _read(): void {
    this.#isFull = false;
    this.#wake?.();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#wake?.();
    callback(error);
  }

  async #append(data: PackageEntryData): Promise<void> {
    if (data.file) await this.#appendFile(data, data.file);
    else this.#appendWhole(data, Buffer.from(data.linkname ?? ''));
    if (this.#isFull) await this.#drained();
  }

  /** A folder or a link, whose content is its target. */
  #appendWhole(data: PackageEntryData, content: Buffer): void {
    const entry = this.#entry(data, { method: 0, crc: crc32(content), size: content.length, packedSize: content.length });
    this.#write(localHeader(entry));
    this.#write(content);
    this.#register(entry);
  }

  async #appendFile(data: PackageEntryData, file: FileEntry): Promise<void> {
    const piece = await this.#next(file);
    if (file.identity.size > blockBytes) return this.#appendBlocks(data, file, piece);
    const { crc, deflated, sourceBytes } = piece;
    const entry = this.#entry(data, { method: deflated ? 8 : 0, crc, size: sourceBytes, packedSize: piece.data.length });
    this.#write(localHeader(entry));
    this.#write(piece.data);
    this.#sourceBytes += sourceBytes;
    this.#register(entry);
  }

  async #appendBlocks(data: PackageEntryData, file: FileEntry, first: PackedPiece): Promise<void> {
    const { size } = file.identity;
    const isLarge = packedBound(size) >= most32;
    const begun = this.#entry(data, { method: 8, crc: 0, size, packedSize: 0, isStreamed: true, isLarge });
    this.#write(localHeader(begun));
    const start = this.#offset;
    let crc = 0;
    for (let piece = first; ; piece = await this.#next(file)) {
      crc = crc32Combine(crc, piece.crc, piece.sourceBytes);
      if (piece.deflated) this.#write(piece.data);
      else for (const part of storedBlocks(piece.data, piece.isLast)) this.#write(part);
      this.#sourceBytes += piece.sourceBytes;
      if (this.#isFull) await this.#drained();
      if (piece.isLast) break;
    }
    const entry: ZipEntry = { ...begun, crc, packedSize: this.#offset - start };
    this.#write(dataDescriptor(entry));
    this.#register(entry);
  }

  #entry(data: PackageEntryData, facts: Pick<ZipEntry, 'method' | 'crc' | 'size' | 'packedSize'> & Partial<ZipEntry>): ZipEntry {
    const type = data.type ?? 'file';
    return {
      name: Buffer.from(data.name),
      mtimeMs: data.date.getTime(),
      unixMode: kindOfMode[type] | data.mode,
      isFolder: type === 'directory',
      offset: this.#offset,
      isStreamed: false,
      isLarge: false,
      ...facts,
    };
  }

  #register(entry: ZipEntry): void {
    const record = centralHeader(entry);
    this.#central.push(record);
    this.#centralBytes += record.length;
  }

  async #next(file: FileEntry): Promise<PackedPiece> {
    if (this.#taken === this.#atHand.length) {
      this.#atHand = (await this.#pieces.next()).value ?? [];
      this.#taken = 0;
    }
    const piece = this.#atHand[this.#taken];
    if (piece?.entry !== file) throw new Error(`The packed files are not in the entries' order at ${file.name}.`);
    this.#taken += 1;
    return piece;
  }

  #write(bytes: Uint8Array): void {
    for (let start = 0; start < bytes.length; ) {
      const slice = bytes.subarray(start, start + blockBytes - this.#used);
      this.#block.set(slice, this.#used);
      this.#used += slice.length;
      start += slice.length;
      if (this.#used === blockBytes) this.#emit();
    }
    this.#offset += bytes.length;
  }

  #emit(): void {
    const block = this.#block.subarray(0, this.#used);
    this.#sourceBytesOf.set(block, this.#sourceBytes);
    this.#sourceBytes = 0;
    this.#used = 0;
    this.#block = this.#memory();
    this.#isFull = !this.push(block);
  }

  #memory(): Buffer {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(blockBytes);
  }

  /** Until somebody takes a block, or nobody ever will. */
  async #drained(): Promise<void> {
    if (this.#isFull && !this.destroyed) await new Promise<void>((resolve) => { this.#wake = resolve; });
    if (this.destroyed) throw new Error('The archive is not wanted any more.');
  }
}
