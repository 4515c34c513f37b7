import { createCRC64 } from 'hash-wasm';

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
