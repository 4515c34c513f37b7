/** The same bytes in fresh buffers of `blockBytes`, the last one shorter. */
export async function* inBlocks(stream: AsyncIterable<Buffer>, blockBytes: number): AsyncGenerator<Buffer, void> {
  let block = Buffer.allocUnsafeSlow(blockBytes);
  let used = 0;
  for await (const piece of stream) {
    for (let start = 0; start < piece.length; ) {
      const copied = piece.copy(block, used, start);
      used += copied;
      start += copied;
      if (used < blockBytes) continue;
      yield block;
      block = Buffer.allocUnsafeSlow(blockBytes);
      used = 0;
    }
  }
  if (used === 0) return;
  const rest = Buffer.allocUnsafeSlow(used);
  block.copy(rest, 0, 0, used);
  yield rest;
}
