import { hash } from 'node:crypto';
import { createCRC64, type IHasher } from 'hash-wasm';
import { combineCrc64, foldedCrc64 } from './crc64-combine.ts';
import { foldHistoryBytes, foldRemainder } from './crc64-fold.ts';
import { beginHashes, HashLanes, type LaneWork, type RunningHashes } from './hash-lanes.ts';
import { lanes, md5BlockBytes } from './md5-code.ts';
import type { PartHashes } from './send-messages.ts';

/** MD5 and CRC-64/XZ of bytes that come in pieces. */
export interface PartHasher {
  /** Settles once the piece was hashed, with whatever else is there to be hashed at that moment. Only the last may be no whole blocks. */
  update(piece: Uint8Array): Promise<void>;
  /** Ends it; nothing may be added afterwards. */
  digest(): PartHashes;
}

interface Waiting extends LaneWork {
  readonly done: () => void;
  /** What is left of it. */
  bytes: Uint8Array;
}

// After so much of each, those that send from this thread have their turn.
const turnBytes = 128 * 1024;
const waiting: Waiting[] = [];
let hashLanes: HashLanes | null = null;
// One for all: making one compiles WebAssembly, and nobody is in the midst of it while another has its turn.
let crcTable: IHasher | null = null;

/** Begins a part's hashes. */
export async function hashPart(): Promise<PartHasher> {
  const table = await loadTable();
  const hashes = beginHashes();
  let bytes = 0;
  let rest: Uint8Array = new Uint8Array();
  return {
    update(piece) {
      if (rest.length > 0) throw new Error('Only the last piece may be no whole blocks.');
      const wholeBytes = piece.length - piece.length % md5BlockBytes;
      bytes += wholeBytes;
      rest = new Uint8Array(piece.subarray(wholeBytes));
      return wholeBytes === 0 ? Promise.resolve() : inTurn(hashes, piece.subarray(0, wholeBytes));
    },
    digest() {
      const whole = foldedCrc64(crcOf(table, foldRemainder(hashes.history)), foldHistoryBytes, bytes);
      const crc64 = combineCrc64(whole, crcOf(table, rest), rest.length);
      const end = md5End(rest, bytes + rest.length);
      advance([{ hashes, bytes: end }], end.length);
      return { md5: Buffer.from(hashes.md5.buffer).toString('base64'), crc64 };
    },
  };
}

/** The hashes of bytes that are all there. */
export async function hashWhole(data: Buffer): Promise<PartHashes> {
  const table = await loadTable();
  return { md5: hash('md5', data, 'base64'), crc64: crcOf(table, data) };
}

function inTurn(hashes: RunningHashes, bytes: Uint8Array): Promise<void> {
  return new Promise((done) => {
    if (waiting.push({ hashes, bytes, done }) === 1) setImmediate(turn);
  });
}

function turn(): void {
  const work = waiting.slice(0, lanes);
  const bytes = Math.min(turnBytes, ...work.map((one) => one.bytes.length));
  advance(work, bytes);
  for (const one of work) {
    one.bytes = one.bytes.subarray(bytes);
    if (one.bytes.length > 0) continue;
    waiting.splice(waiting.indexOf(one), 1);
    one.done();
  }
  if (waiting.length > 0) setImmediate(turn);
}

function advance(work: readonly LaneWork[], bytes: number): void {
  hashLanes ??= new HashLanes();
  hashLanes.advance(work, bytes);
}

/** What stands behind a message of so many bytes, with its last ones that are no whole block (RFC 1321). */
function md5End(rest: Uint8Array, bytes: number): Uint8Array {
  const end = new Uint8Array(rest.length + 9 > md5BlockBytes ? 2 * md5BlockBytes : md5BlockBytes);
  end.set(rest);
  end[rest.length] = 0x80;
  new DataView(end.buffer).setBigUint64(end.length - 8, BigInt(bytes) * 8n, true);
  return end;
}

async function loadTable(): Promise<IHasher> {
  return crcTable ??= await createCRC64();
}

function crcOf(table: IHasher, data: Uint8Array): bigint {
  return BigInt(`0x${table.init().update(data).digest('hex')}`);
}
