/** Memory for one use after the other, so that a thread that packs for hours does not leave its garbage behind. */
export class Scratch {
  #buffer = Buffer.alloc(0);

  /** The same memory at every call: what it held before is lost. */
  take(bytes: number): Buffer {
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafeSlow(bytes);
    return this.#buffer.subarray(0, bytes);
  }
}
