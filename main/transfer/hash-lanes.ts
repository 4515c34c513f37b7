import { crc64Fold, foldBytes, foldHistoryBytes } from './crc64-fold.ts';
import { lanes, md5BlockBytes, md5Lanes, md5One, md5Start, md5Table } from './md5-code.ts';
import { wasmModule } from './wasm-code.ts';

/** The hashes of bytes so far, as `HashLanes` goes on with them. */
export interface RunningHashes {
  readonly md5: Uint32Array<ArrayBuffer>;
  /** What `crc64Fold` needs of the bytes before. */
  readonly history: Uint8Array<ArrayBuffer>;
}

export interface LaneWork {
  readonly hashes: RunningHashes;
  readonly bytes: Uint8Array;
}

export function beginHashes(): RunningHashes {
  return { md5: Uint32Array.from(md5Start), history: new Uint8Array(foldHistoryBytes) };
}

interface Functions {
  md5(data: number, blocks: number, state: number): void;
  md5Lanes(data: number, blocks: number, state: number): void;
  crc64Fold(data: number, turns: number): void;
}

// All lanes stay within a core's second cache.
const chunkBytes = 32 * 1024;
const laneBytes = foldHistoryBytes + chunkBytes;
const stateAt = 256;
const lanesAt = 1024;
const memoryPages = Math.ceil((lanesAt + lanes * laneBytes) / 65_536);
// What all lanes cost is what two and a half single ones do.
const leastForLanes = 3;

/** MD5 and CRC64 of several runs of bytes at once, with the processor's vectors: a thread's own. */
export class HashLanes {
  readonly #memory: Uint8Array<ArrayBuffer>;
  readonly #states: Uint32Array<ArrayBuffer>;
  readonly #functions: Functions;

  constructor() {
    const memory = new WebAssembly.Memory({ initial: memoryPages });
    const module = new WebAssembly.Module(wasmModule([md5One(), md5Lanes(laneBytes), crc64Fold]));
    // The module's own functions are what was written just above.
    this.#functions = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Functions;
    this.#memory = new Uint8Array(memory.buffer);
    this.#states = new Uint32Array(memory.buffer, stateAt, lanes * md5Start.length);
    new Uint32Array(memory.buffer).set(md5Table());
  }

  /** Goes on with the hashes of each, at most `lanes` of them, by so many bytes: whole blocks, and the same of each. */
  advance(work: readonly LaneWork[], bytes: number): void {
    if (work.length > lanes || bytes % md5BlockBytes > 0) throw new RangeError('More than there are lanes, or not whole blocks.');
    if (work.length < leastForLanes) for (const one of work) this.#advance([one], bytes);
    else this.#advance(work, bytes);
  }

  #advance(work: readonly LaneWork[], bytes: number): void {
    const single = work.length === 1;
    work.forEach(({ hashes }, lane) => {
      this.#memory.set(hashes.history, laneAt(lane));
      hashes.md5.forEach((word, index) => { this.#states[single ? index : stateIndex(lane, index)] = word; });
    });
    for (let start = 0; start < bytes; start += chunkBytes) {
      const length = Math.min(chunkBytes, bytes - start);
      work.forEach((one, lane) => { this.#memory.set(one.bytes.subarray(start, start + length), laneAt(lane) + foldHistoryBytes); });
      this.#functions[single ? 'md5' : 'md5Lanes'](lanesAt + foldHistoryBytes, length / md5BlockBytes, stateAt);
      work.forEach((_, lane) => {
        const at = laneAt(lane);
        this.#functions.crc64Fold(at, length / foldBytes);
        this.#memory.copyWithin(at, at + length, at + length + foldHistoryBytes);
      });
    }
    work.forEach(({ hashes }, lane) => {
      hashes.history.set(this.#memory.subarray(laneAt(lane), laneAt(lane) + foldHistoryBytes));
      hashes.md5.forEach((_, index) => { hashes.md5[index] = this.#states[single ? index : stateIndex(lane, index)] ?? 0; });
    });
  }
}

function laneAt(lane: number): number {
  return lanesAt + lane * laneBytes;
}

/** Where `md5Lanes` has a word: four lanes side by side. */
function stateIndex(lane: number, word: number): number {
  return (lane >> 2) * 16 + word * 4 + lane % 4;
}
