import { createHash } from 'node:crypto';
import { createCRC64, type IHasher } from 'hash-wasm';
import type { PartHashes } from './send-messages.ts';

// Making one compiles WebAssembly, so they are used again.
const idle: IHasher[] = [];

/** MD5 and CRC-64/XZ of bytes that come in pieces. */
export interface PartHasher {
  update(piece: Buffer): void;
  /** Ends it; nothing may be added afterwards. */
  digest(): PartHashes;
  /** Ends it without a result, where it was not ended. */
  discard(): void;
}

/** Begins a part's hashes. */
export async function hashPart(): Promise<PartHasher> {
  const crc64 = idle.pop() ?? await createCRC64();
  crc64.init();
  const md5 = createHash('md5');
  let ended = false;
  const end = (): void => {
    if (!ended) idle.push(crc64);
    ended = true;
  };
  return {
    update(piece) {
      md5.update(piece);
      crc64.update(piece);
    },
    digest() {
      const hashes = { md5: md5.digest('base64'), crc64: BigInt(`0x${crc64.digest('hex')}`) };
      end();
      return hashes;
    },
    discard: end,
  };
}
