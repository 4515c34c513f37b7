import { crc64Fold, foldBytes, foldHistoryBytes } from './crc64-fold.ts';
import { fewLanes, lanes, md5BlockBytes, md5Lanes, md5One, md5Start, md5Table } from './md5-code.ts';
import { wasmModule } from './wasm-code.ts';

/** The MD5 of bytes so far, as `HashLanes` goes on with it. */
export interface RunningMd5 {
  readonly md5: Uint32Array<ArrayBuffer>;
}

/** Both hashes of bytes so far. */
export interface RunningHashes extends RunningMd5 {
  /** What `crc64Fold` needs of the bytes before. */
  readonly history: Uint8Array<ArrayBuffer>;
}

export interface LaneWork<Hashes extends RunningMd5 = RunningHashes> {
  readonly hashes: Hashes;
  readonly bytes: Uint8Array;
}

export function beginMd5(): RunningMd5 {
  return { md5: Uint32Array.from(md5Start) };
}

export function beginHashes(): RunningHashes {
  return { ...beginMd5(), history: new Uint8Array(foldHistoryBytes) };
}

/** Base64, as Content-MD5 wants it. */
export function md5Text({ md5 }: RunningMd5): string {
  return Buffer.from(md5.buffer).toString('base64');
}

/** What stands behind a message of so many bytes, with its last ones that are no whole block (RFC 1321). */
export function md5End(rest: Uint8Array, bytes: number): Uint8Array {
  const end = new Uint8Array(rest.length + 9 > md5BlockBytes ? 2 * md5BlockBytes : md5BlockBytes);
  end.set(rest);
  end[rest.length] = 0x80;
  new DataView(end.buffer).setBigUint64(end.length - 8, BigInt(bytes) * 8n, true);
  return end;
}

interface Functions {
  md5(data: number, blocks: number, state: number): void;
  md5Few(data: number, blocks: number, state: number): void;
  md5Lanes(data: number, blocks: number, state: number): void;
  crc64Fold(data: number, turns: number): void;
}

// All lanes stay within a core's second cache.
const chunkBytes = 32 * 1024;
const laneBytes = foldHistoryBytes + chunkBytes;
const stateAt = 256;
const lanesAt = 1024;
const memoryPages = Math.ceil((lanesAt + lanes * laneBytes) / 65_536);
// What a few lanes cost is what two single ones do.
export const leastForLanes = 3;

let ofThread: HashLanes | null = null;

/** This thread's own: made when it is first needed. */
export function threadLanes(): HashLanes {
  return ofThread ??= new HashLanes();
}

/** MD5 and CRC64 of several runs of bytes at once, with the processor's vectors. */
class HashLanes {
  readonly #memory: Uint8Array<ArrayBuffer>;
  readonly #states: Uint32Array<ArrayBuffer>;
  readonly #functions: Functions;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: memoryPages });
    const module = new WebAssembly.Module(wasmModule([md5One(), md5Lanes('md5Few', fewLanes, laneBytes), md5Lanes('md5Lanes', lanes, laneBytes), crc64Fold]));
    // The module's own functions are what was written just above.
    this.#functions = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Functions;
    this.#memory = new Uint8Array(memory.buffer);
    this.#states = new Uint32Array(memory.buffer, stateAt, lanes * md5Start.length);
    new Uint32Array(memory.buffer).set(md5Table());
  }

  /** Goes on with the hashes of each, at most `lanes` of them, by so many bytes: whole blocks, and the same of each. */
  advance(work: readonly LaneWork[], bytes: number): void {
    for (const some of inLanes(work, bytes)) {
      some.forEach(({ hashes }, lane) => { this.#memory.set(hashes.history, laneAt(lane)); });
      this.#advance(some, bytes, (length) => {
        some.forEach((_, lane) => {
          const at = laneAt(lane);
          this.#functions.crc64Fold(at, length / foldBytes);
          this.#memory.copyWithin(at, at + length, at + length + foldHistoryBytes);
        });
      });
      some.forEach(({ hashes }, lane) => { hashes.history.set(this.#memory.subarray(laneAt(lane), laneAt(lane) + foldHistoryBytes)); });
    }
  }

  /** `advance` for the MD5 alone. */
  advanceMd5(work: readonly LaneWork<RunningMd5>[], bytes: number): void {
    for (const some of inLanes(work, bytes)) this.#advance(some, bytes, () => undefined);
  }

  #advance(work: readonly LaneWork<RunningMd5>[], bytes: number, onChunk: (bytes: number) => void): void {
    const single = work.length === 1;
    const md5Of = this.#functions[single ? 'md5' : work.length <= fewLanes ? 'md5Few' : 'md5Lanes'];
    work.forEach(({ hashes: { md5 } }, lane) => {
      for (let word = 0; word < md5.length; word++) this.#states[single ? word : stateIndex(lane, word)] = md5[word] ?? 0;
    });
    for (let start = 0; start < bytes; start += chunkBytes) {
      const length = Math.min(chunkBytes, bytes - start);
      work.forEach((one, lane) => { this.#memory.set(one.bytes.subarray(start, start + length), laneAt(lane) + foldHistoryBytes); });
      md5Of(lanesAt + foldHistoryBytes, length / md5BlockBytes, stateAt);
      onChunk(length);
    }
    work.forEach(({ hashes: { md5 } }, lane) => {
      for (let word = 0; word < md5.length; word++) md5[word] = this.#states[single ? word : stateIndex(lane, word)] ?? 0;
    });
  }
}

/** All at once, or one by one where they are few. */
function inLanes<Hashes extends RunningMd5>(work: readonly LaneWork<Hashes>[], bytes: number): readonly (readonly LaneWork<Hashes>[])[] {
  if (work.length > lanes || bytes % md5BlockBytes > 0) throw new RangeError('More than there are lanes, or not whole blocks.');
  return work.length < leastForLanes ? work.map((one) => [one]) : [work];
}

function laneAt(lane: number): number {
  return lanesAt + lane * laneBytes;
}

/** Where `md5Lanes` has a word: four lanes side by side. */
function stateIndex(lane: number, word: number): number {
  return (lane >> 2) * 16 + word * 4 + lane % 4;
}
