import { beforeEach, describe, expect, it } from 'vitest';
import { keepAwake } from '../../main/app/keep-awake.ts';
import { noTotals } from './app-upload-views.ts';

let unfinished: number;
let changed: () => void;
/** The blockers that stand, and every one there ever was. */
let standing: Set<number>;
let started: string[];

beforeEach(() => {
  unfinished = 0;
  standing = new Set();
  started = [];
});

function follow(): void {
  keepAwake({
    totals: () => ({ ...noTotals, unfinished }),
    subscribe(_event, listener) {
      changed = listener as () => void;
      return () => undefined;
    },
  }, {
    start(type) {
      standing.add(started.push(type));
      return started.length;
    },
    stop: (id) => standing.delete(id),
  });
}

function become(count: number): void {
  unfinished = count;
  changed();
}

describe('the computer', () => {
  it('stays awake, with its screen free to sleep, from the first unfinished upload to the last', () => {
    follow();
    expect(standing.size).toBe(0);
    for (const count of [1, 3, 2, 1]) {
      become(count);
      expect(standing.size).toBe(1);
    }
    become(0);
    expect(standing.size).toBe(0);
    expect(started).toEqual(['prevent-app-suspension']);
  });

  it('stays awake for uploads that were there at the start, and for others later', () => {
    unfinished = 2;
    follow();
    expect(standing.size).toBe(1);
    become(0);
    become(1);
    expect(standing.size).toBe(1);
    expect(started).toHaveLength(2);
  });
});
