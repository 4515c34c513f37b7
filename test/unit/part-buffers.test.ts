import { beforeEach, describe, expect, test } from 'vitest';
import { PartBuffers } from '../../main/transfer/part-buffers.ts';

const mebibyte = 1024 * 1024;
const { signal } = new AbortController();
let buffers: PartBuffers;

beforeEach(() => { buffers = new PartBuffers(8 * mebibyte); });

describe('memory for parts', () => {
  test('is waited for in order once the most is in use, and used again', async () => {
    const first = await buffers.take(5 * mebibyte, signal);
    const order: string[] = [];
    const second = buffers.take(5 * mebibyte, signal).then((buffer) => { order.push('second'); return buffer; });
    void buffers.take(1, signal).then(() => { order.push('third'); });
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(order).toEqual([]);
    first.release();
    expect((await second).memory).toBe(first.memory);
    expect(order).toEqual(['second', 'third']);
  });

  test('is given for a part that is larger than the most, alone', async () => {
    const large = await buffers.take(20 * mebibyte, signal);
    expect(large.memory.byteLength).toBe(20 * mebibyte);
  });

  test('is not waited for any longer once the signal says so', async () => {
    await buffers.take(8 * mebibyte, signal);
    const abort = new AbortController();
    const waiting = buffers.take(1, abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
