import { combineCrc64 } from './crc64-combine.ts';

interface Piece {
  readonly crc64: bigint;
  readonly bytes: number;
}

/** The CRC-64/XZ of an object from those of its parts, which may come in any order. */
export class WholeCrc64 {
  readonly #early = new Map<number, Piece>();
  #next = 1;
  #crc64 = 0n;
  #bytes = 0;

  /** `number` counts from 1. */
  add(number: number, crc64: bigint, bytes: number): void {
    this.#early.set(number, { crc64, bytes });
    for (let piece = this.#early.get(this.#next); piece; piece = this.#early.get(this.#next)) {
      this.#early.delete(this.#next);
      this.#next += 1;
      this.#crc64 = combineCrc64(this.#crc64, piece.crc64, piece.bytes);
      this.#bytes += piece.bytes;
    }
  }

  /** Of all parts without a gap, from the first; `crc64` in decimal. */
  get summary(): { readonly bytes: number; readonly crc64: string } {
    return { bytes: this.#bytes, crc64: this.#crc64.toString() };
  }
}
