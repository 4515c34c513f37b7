import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HashTogether } from '../../main/transfer/hash-together.ts';
import { lanes } from '../../main/transfer/md5-code.ts';
import { cutParts } from '../../main/transfer/parts.ts';
import type { SendCrew } from '../../main/transfer/send-crew.ts';
import { lineOf } from '../support/memory-line.ts';

describe('parts that are to be hashed together', () => {
  const held = (together: HashTogether, many: number) => {
    const gone: number[] = [];
    const all = Array.from({ length: many }, (_, index) => {
      const going = together.hold().then(() => gone.push(index));
      together.more();
      return going;
    });
    return { gone, all: Promise.all(all) };
  };

  it('are held back until there are as many as are hashed together', async () => {
    const together = new HashTogether();
    const few = held(together, lanes - 1);
    await nextTurn();
    await nextTurn();
    expect(few.gone).toEqual([]);
    const enough = together.hold();
    together.more();
    await nextTurn();
    expect(few.gone).toHaveLength(lanes - 1);
    await enough;
  });

  it('are held back no longer when nothing more is in the making', async () => {
    const together = new HashTogether();
    const { gone } = held(together, 2);
    const last = together.hold();
    await nextTurn();
    await last;
    expect(gone).toEqual([0, 1]);
  });

  it('are not held back for long', async () => {
    await held(new HashTogether(), 2).all;
  });
});

describe('the parts of a package', () => {
  /** In which turn each part was hashed, where `take` has them as they come. */
  async function turnsOf(many: number, take: (ready: Promise<unknown>) => Promise<unknown> | undefined): Promise<number[]> {
    const { buffers, crew } = lineOf();
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const turns: number[] = [];
    let turn = 0;
    const noting = { hash: (...of: Parameters<SendCrew['hash']>) => {
      turns.push(turn);
      return crew.hash(...of);
    } } as SendCrew;
    async function* chunks() {
      for (let number = 0; number < many; number++) {
        turn = number;
        await nextTurn();
        yield { data: Buffer.alloc(100, number), sourceBytes: 100 };
      }
    }
    const made: Promise<{ release(): void }>[] = [];
    for await (const { ready } of cutParts({ chunks }, { partBytes: 100, place: 'store', buffers, crew: noting, signal })) {
      made.push(ready);
      await take(ready);
    }
    for (const ready of made) (await ready).release();
    return turns;
  }

  it('are hashed together, save for the first ones, which are what is sent first', async () => {
    const turns = await turnsOf(3 * lanes, () => undefined);
    expect(turns.slice(0, lanes)).toEqual(Array.from({ length: lanes }, (_, index) => index + 1));
    expect(new Set(turns.slice(lanes, 2 * lanes)).size).toBe(1);
    expect(new Set(turns.slice(2 * lanes)).size).toBe(1);
  });

  it('are hashed as they come where none is asked for before', async () => {
    const turns = await turnsOf(2 * lanes, (ready) => ready);
    expect(new Set(turns).size).toBe(2 * lanes - 1);
  });
});
