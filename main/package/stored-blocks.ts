// RFC 1951, 3.2.4: a block of bytes as they are has its length in two bytes.
const mostPerBlock = 0xffff;
const headerBytes = 5;

/** Bytes as they are in a deflate stream that stands at a byte: headers and slices of `data`, in turn. */
export function* storedBlocks(data: Uint8Array, isLast: boolean): Generator<Uint8Array, void> {
  for (let start = 0; start < data.length; start += mostPerBlock) {
    const slice = data.subarray(start, start + mostPerBlock);
    const header = new Uint8Array(headerBytes);
    const view = new DataView(header.buffer);
    view.setUint8(0, isLast && start + slice.length === data.length ? 1 : 0);
    view.setUint16(1, slice.length, true);
    view.setUint16(3, ~slice.length, true);
    yield header;
    yield slice;
  }
}

/** What the headers of `bytes` bytes come to. */
export function storedBlocksOverhead(bytes: number): number {
  return headerBytes * Math.ceil(bytes / mostPerBlock);
}
