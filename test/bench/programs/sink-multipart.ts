import { createHash } from 'node:crypto';

/** A multipart upload of which only sizes and MD5s are kept. */
export class Multipart {
  readonly meta: Readonly<Record<string, string>>;
  readonly #parts = new Map<number, { readonly bytes: number; readonly md5: Buffer }>();

  constructor(meta: Readonly<Record<string, string>>) {
    this.meta = meta;
  }

  take(number: number, bytes: number, md5: Buffer): void {
    this.#parts.set(number, { bytes, md5 });
  }

  get bytes(): number {
    return [...this.#parts.values()].reduce((sum, part) => sum + part.bytes, 0);
  }

  /** As S3 and COS make it: the MD5 of the parts' MD5s, and their number. */
  etag(): string {
    const inOrder = [...this.#parts].sort(([a], [b]) => a - b).map(([, { md5 }]) => md5);
    return `${createHash('md5').update(Buffer.concat(inOrder)).digest('hex')}-${inOrder.length}`;
  }
}
