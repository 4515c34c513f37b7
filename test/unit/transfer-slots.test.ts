import { setMaxListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { Slots } from '../../main/transfer/slots.ts';

const { signal } = new AbortController();
// All that wait here listen to one; in the app each upload has its own.
setMaxListeners(0, signal);
const part = { place: 'store', signal };
const small = { ...part, isSmall: true };

/** A line in virtual time: what it carries with so many connections, in bytes a second. */
async function drive(slots: Slots, clock: { ms: number }, carries: (connections: number) => number, seconds: number): Promise<number[]> {
  const limits: number[] = [];
  // Somebody always waits, as while a large file is sent.
  for (let waiters = 0; waiters < 200; waiters++) void slots.take(part);
  const end = clock.ms + seconds * 1000;
  while (clock.ms < end) {
    clock.ms += 50;
    slots.moved(carries(slots.limit) / 20);
    if (limits.at(-1) !== slots.limit) limits.push(slots.limit);
  }
  return limits;
}

function slotsOf(most: number): { slots: Slots; clock: { ms: number } } {
  const clock = { ms: 0 };
  return { clock, slots: new Slots(most, { now: () => clock.ms }) };
}

describe('parts in flight', () => {
  test('grow to the most within a few seconds where each brings as much as the one before', async () => {
    const { slots, clock } = slotsOf(32);
    await drive(slots, clock, (connections) => connections * 375_000, 4);
    expect(slots.limit).toBe(32);
  });

  test('stay where they are on a line that is full, but for a try now and then', async () => {
    const { slots, clock } = slotsOf(32);
    let atFirst = 0;
    let others = 0;
    await drive(slots, clock, () => {
      if (slots.limit === 8) atFirst += 1;
      else others += 1;
      return 12_000_000;
    }, 600);
    expect(slots.limit).toBe(8);
    expect(others / (atFirst + others)).toBeLessThan(0.1);
  });

  test('are given to a small one behind a large one once that gives up', async () => {
    const slots = new Slots(32);
    for (let taken = 0; taken < 7; taken++) await slots.take(part);
    await slots.take(small);
    const abort = new AbortController();
    const large = slots.take({ ...part, signal: abort.signal });
    let hasPlace = false;
    void slots.take(small).then(() => { hasPlace = true; });
    abort.abort(new Error('enough'));
    await expect(large).rejects.toThrow('enough');
    expect(hasPlace).toBe(true);
  });

  test('grow where all was handed over at once and nothing is answered for long', async () => {
    const { slots, clock } = slotsOf(32);
    await drive(slots, clock, () => 0, 4);
    expect(slots.limit).toBe(32);
  });

  test('step back, little by little, where more of them bring less', async () => {
    const { slots, clock } = slotsOf(32);
    expect(await drive(slots, clock, (connections) => 1_000_000 * (connections > 16 ? 10 : connections), 8)).toEqual([8, 16, 32, 28, 24, 20, 16]);
  });

  test('stay as they are for a while where each brings plenty, and only then try whether more would bring more', async () => {
    const { slots, clock } = slotsOf(32);
    expect(await drive(slots, clock, (connections) => connections * 3_000_000, 15)).toEqual([8]);
    await drive(slots, clock, (connections) => connections * 3_000_000, 15);
    expect(slots.limit).toBe(32);
  });

  test('find out after a while that the line has become another', async () => {
    const { slots, clock } = slotsOf(32);
    await drive(slots, clock, () => 2_000_000, 10);
    expect(slots.limit).toBe(8);
    await drive(slots, clock, (connections) => connections * 250_000, 60);
    expect(slots.limit).toBe(32);
  });

  test('learn nothing while nobody waits for a place', () => {
    const { slots, clock } = slotsOf(32);
    for (; clock.ms < 20_000; clock.ms += 50) slots.moved(clock.ms * 1000);
    expect(slots.limit).toBe(8);
    expect(slots.bytesPerSecondEach).toBeNull();
  });

  test('are never more than the person allows, nor fewer than two for trouble', async () => {
    const { slots, clock } = slotsOf(12);
    await drive(slots, clock, (connections) => connections * 1000, 10);
    expect(slots.limit).toBe(12);
    slots.most = 5;
    expect(slots.limit).toBe(5);
    for (let times = 0; times < 5; times++) {
      clock.ms += 2_000;
      slots.troubled('store');
    }
    expect(slots.limit).toBe(2);
  });

  test('halve once for one trouble, and grow back by one a round to where they were', () => {
    const { slots, clock } = slotsOf(8);
    clock.ms = 5_000;
    for (let times = 0; times < 6; times++) slots.troubled('store');
    expect(slots.limit).toBe(4);
    for (let times = 0; times < 4; times++) slots.well('store');
    expect(slots.limit).toBe(5);
    for (let times = 0; times < 100; times++) slots.well('store');
    expect(slots.limit).toBe(8);
  });

  test('tell what one of them carries', async () => {
    const { slots, clock } = slotsOf(8);
    await drive(slots, clock, (connections) => connections * 300_000, 3);
    expect(slots.bytesPerSecondEach).toBeCloseTo(300_000, -5);
  });
});

test('eight small bodies take the place of one, but two at most that of one the person allows', async () => {
  const count = async (most: number, first: number): Promise<number> => {
    const slots = new Slots(most, { first });
    let inside = 0;
    for (let asked = 0; asked < 100; asked++) void slots.take(small).then(() => { inside += 1; });
    await new Promise((resolve) => { setImmediate(resolve); });
    return inside;
  };
  expect(await count(32, 2)).toBe(16);
  expect(await count(32, 8)).toBe(64);
  expect(await count(2, 8)).toBe(4);
  expect(await count(1, 8)).toBe(1);
});

test('a part is not kept waiting by small bodies that come after it', async () => {
  const slots = new Slots(4, { first: 2 });
  const order: string[] = [];
  const release = await slots.take(part);
  await slots.take(small);
  void slots.take(part).then(() => order.push('part'));
  void slots.take(small).then(() => order.push('small'));
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(order).toEqual([]);
  release();
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(order).toEqual(['part', 'small']);
});

/** Asks for so many, and gives none of them back. */
async function admitted(slots: Slots, want: typeof part, many: number): Promise<number> {
  let inside = 0;
  for (let asked = 0; asked < many; asked++) void slots.take(want).then(() => { inside += 1; });
  await new Promise((resolve) => { setImmediate(resolve); });
  return inside;
}

describe('a store that only fails', () => {
  const other = { ...part, place: 'another' };

  function failing(most = 32): Slots {
    const slots = new Slots(most);
    for (let times = 0; times < 3; times++) slots.failed('store');
    return slots;
  }

  test('has one place, and takes none of the others\'', async () => {
    const slots = failing();
    expect(await admitted(slots, part, 20)).toBe(1);
    expect(await admitted(slots, other, 20)).toBe(8);
  });

  test('gives the places that it had to those who wait', async () => {
    const slots = new Slots(32);
    const releases = await Promise.all(Array.from({ length: 8 }, () => slots.take(part)));
    expect(await admitted(slots, other, 5)).toBe(0);
    let inside = 0;
    for (let asked = 0; asked < 5; asked++) void slots.take(other).then(() => { inside += 1; });
    for (let times = 0; times < 3; times++) slots.failed('store');
    for (const release of releases) release();
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(inside).toBe(3);
  });

  test('has all that there are once it has taken something', async () => {
    const slots = failing();
    let inside = 0;
    for (let asked = 0; asked < 20; asked++) void slots.take(part).then(() => { inside += 1; });
    slots.well('store');
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(inside).toBe(8);
  });

  test('does not make the others fewer, as one that begins to fail does', async () => {
    const slots = failing();
    slots.troubled('store');
    expect(slots.limit).toBe(8);
    slots.troubled('another');
    expect(slots.limit).toBe(4);
  });

  test('never has more in flight than the person allows', async () => {
    const slots = failing(2);
    expect(await admitted(slots, other, 20)).toBe(2);
    expect(await admitted(slots, part, 1)).toBe(0);
  });

  test.each([1, 2])('takes turns with the others where no more than %d may be in flight', async (most) => {
    const slots = new Slots(most);
    const dead = Array.from({ length: most }, (_, number) => ({ ...part, place: `dead-${number}` }));
    for (const { place } of dead) for (let times = 0; times < 3; times++) slots.failed(place);
    const order: string[] = [];
    const releases: (() => void)[] = [];
    const waits = (want: typeof part): void => {
      void slots.take(want).then((release) => {
        order.push(want === other ? 'well' : 'dead');
        releases.push(release);
      });
    };
    for (const want of dead) for (let many = 0; many < 10; many++) waits(want);
    for (let many = 0; many < 3; many++) waits(other);
    for (let given = 0; given < 6; given++) {
      await new Promise((resolve) => { setImmediate(resolve); });
      releases.shift()?.();
    }
    const first = order.indexOf('well');
    expect(first).toBe(most);
    expect(order.slice(first, first + 4)).toEqual(['well', 'dead', 'well', 'dead']);
  });

  test('teaches nothing of the line with those that wait for it', async () => {
    const { slots, clock } = slotsOf(32);
    for (let times = 0; times < 3; times++) slots.failed('store');
    await admitted(slots, part, 20);
    for (; clock.ms < 20_000; clock.ms += 50) slots.moved(clock.ms * 1000);
    expect(slots.limit).toBe(8);
  });
});

test('a small body takes a whole place while the store has too many of them', async () => {
  const slots = new Slots(32);
  slots.troubled('store');
  expect(await admitted(slots, small, 20)).toBe(4);
});

test('a small body takes a whole place while it is the line that they wait for', async () => {
  const { slots, clock } = slotsOf(32);
  const last = await slots.take(small);
  clock.ms += 5_000;
  last();
  expect(await admitted(slots, small, 20)).toBe(8);
});
