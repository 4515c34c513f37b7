import { setMaxListeners } from 'node:events';
import { beforeEach, describe, expect, test } from 'vitest';
import { PartBuffers } from '../../main/transfer/part-buffers.ts';

const mebibyte = 1024 * 1024;
const { signal } = new AbortController();
setMaxListeners(0, signal);
let buffers: PartBuffers;

beforeEach(() => { buffers = new PartBuffers({ mostBytes: 8 * mebibyte }); });

/** What can go on has gone on. */
async function turns(): Promise<void> {
  await new Promise((resolve) => { setImmediate(resolve); });
}

describe('memory for parts', () => {
  test('is waited for in order once a store has its share, and used again', async () => {
    const first = await buffers.take(3 * mebibyte, 'store', signal);
    await buffers.take(3 * mebibyte, 'store', signal);
    const order: string[] = [];
    const second = buffers.take(3 * mebibyte, 'store', signal).then((buffer) => { order.push('second'); return buffer; });
    void buffers.take(1, 'store', signal).then(() => { order.push('third'); });
    await turns();
    expect(order).toEqual([]);
    first.release();
    expect((await second).memory).toBe(first.memory);
    expect(order).toEqual(['second']);
  });

  test('is left for others, whatever the parts for one store hold and how many wait', async () => {
    const taken = { dead: 0, also: 0, well: 0 };
    const take = (place: keyof typeof taken): void => void buffers.take(256 * 1024, place, signal).then(() => { taken[place] += 1; });
    for (let asked = 0; asked < 100; asked++) take('dead');
    await turns();
    expect(taken.dead).toBe(24);
    for (let asked = 0; asked < 100; asked++) take('also');
    await turns();
    for (let asked = 0; asked < 100; asked++) take('well');
    await turns();
    expect(taken).toEqual({ dead: 24, also: 6, well: 2 });
  });

  test('is left for others, also where the parts that nobody takes are larger than theirs', async () => {
    const shared = new PartBuffers({ inFlight: () => 32 });
    const taken = { dead: 0, well: 0, late: 0 };
    const take = (place: keyof typeof taken, bytes: number): void => void shared.take(bytes, place, signal).then(() => { taken[place] += 1; });
    for (let asked = 0; asked < 100; asked++) take('dead', 10 * mebibyte);
    for (let asked = 0; asked < 100; asked++) take('well', 2 * mebibyte);
    for (let asked = 0; asked < 100; asked++) take('late', 64 * mebibyte);
    await turns();
    expect(taken).toEqual({ dead: 34, well: 2, late: 2 });
  });

  test('is enough for what the line has in flight, where parts are large', async () => {
    let inFlight = 8;
    const large = new PartBuffers({ inFlight: () => inFlight });
    let taken = 0;
    const ask = (bytes: number): void => void large.take(bytes, 'store', signal).then(() => { taken += 1; });
    for (let asked = 0; asked < 100; asked++) ask(11 * mebibyte);
    await turns();
    expect(taken).toBe(inFlight + 2);
    inFlight = 32;
    ask(11 * mebibyte);
    await turns();
    expect(taken).toBe(inFlight + 2);
  });

  test('is given for two parts that are larger than the most, and no third', async () => {
    let taken = 0;
    for (let asked = 0; asked < 3; asked++) void buffers.take(20 * mebibyte, 'store', signal).then(() => { taken += 1; });
    await turns();
    expect(taken).toBe(2);
  });

  test('is not waited for any longer once the signal says so', async () => {
    await buffers.take(6 * mebibyte, 'store', signal);
    await buffers.take(6 * mebibyte, 'store', signal);
    const abort = new AbortController();
    const waiting = buffers.take(6 * mebibyte, 'store', abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
