import { combineCrc64, foldedCrc64 } from './crc64-combine.ts';
import { foldHistoryBytes, foldRemainder } from './crc64-fold.ts';
import { wholeCrc64 } from './crc64.ts';
import { beginHashes, md5End, md5Text, threadLanes, type LaneWork, type RunningHashes } from './hash-lanes.ts';
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

/** Begins a part's hashes. */
export async function hashPart(): Promise<PartHasher> {
  const crcOf = await wholeCrc64();
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
      const whole = foldedCrc64(crcOf(foldRemainder(hashes.history)), foldHistoryBytes, bytes);
      const crc64 = combineCrc64(whole, crcOf(rest), rest.length);
      const end = md5End(rest, bytes + rest.length);
      threadLanes().advanceMd5([{ hashes, bytes: end }], end.length);
      return { md5: md5Text(hashes), crc64 };
    },
  };
}

function inTurn(hashes: RunningHashes, bytes: Uint8Array): Promise<void> {
  return new Promise((done) => {
    if (waiting.push({ hashes, bytes, done }) === 1) setImmediate(turn);
  });
}

function turn(): void {
  const work = waiting.slice(0, lanes);
  const bytes = Math.min(turnBytes, ...work.map((one) => one.bytes.length));
  threadLanes().advance(work, bytes);
  for (const one of work) {
    one.bytes = one.bytes.subarray(bytes);
    if (one.bytes.length > 0) continue;
    waiting.splice(waiting.indexOf(one), 1);
    one.done();
  }
  if (waiting.length > 0) setImmediate(turn);
}
