import { createCRC64, type IHasher } from 'hash-wasm';

/** A running CRC-64/XZ, in the decimal form of COS's `x-cos-hash-crc64ecma`. */
export interface Crc64 {
  update(data: Uint8Array): void;
  /** Ends the computation; nothing may be added afterwards. */
  digestDecimal(): string;
}

/** A fresh CRC-64/XZ (ECMA-182 polynomial, reflected), the end-to-end checksum of COS. */
export async function createCrc64(): Promise<Crc64> {
  const hasher = await createCRC64();
  hasher.init();
  return {
    update: (data) => void hasher.update(data),
    digestDecimal: () => BigInt(`0x${hasher.digest('hex')}`).toString(),
  };
}

// One for all that are done in one go: making one compiles WebAssembly.
let whole: Promise<IHasher> | null = null;

/** What computes the CRC-64/XZ of bytes that are all there. */
export async function wholeCrc64(): Promise<(data: Uint8Array) => bigint> {
  whole ??= createCRC64();
  const hasher = await whole;
  return (data) => BigInt(`0x${hasher.init().update(data).digest('hex')}`);
}
