import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PackageWorkers } from '../../main/package/package-workers.ts';
import { neverAborted, plant, scratchFolder } from './package-fixture.ts';

const threadsNow = () => Number(/^Threads:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
const longMs = 20;
const neverIdleMs = 600_000;

describe('the packing threads', () => {
  it.runIf(process.platform === 'linux')('look into folders in one thread, unless that takes it long', async () => {
    const root = plant(scratchFolder(), { a: 'a' });
    const look = (workers: PackageWorkers, many: number) => Promise.all(Array.from({ length: many }, () => workers.run({ kind: 'look', folders: Array<string>(many).fill(root) }, neverAborted())));
    for (let tookMs = Infinity; tookMs >= longMs;) {
      const workers = new PackageWorkers(2, neverIdleMs);
      await look(workers, 1);
      const withOne = threadsNow();
      const sinceMs = performance.now();
      expect((await look(workers, 3))[2]).toMatchObject([{ names: ['a'] }, {}, {}]);
      tookMs = performance.now() - sinceMs;
      // Where the computer had something else to do, they did take long: once more.
      if (tookMs < longMs) expect(threadsNow()).toBe(withOne);
      await look(workers, 200);
      expect(threadsNow()).toBeGreaterThan(withOne);
    }
  });

  it.runIf(process.platform === 'linux')('end when there is nothing to do, and start again when there is', async () => {
    const root = plant(scratchFolder(), { a: 'a' });
    const workers = new PackageWorkers(3, 50);
    const open = () => Promise.all([1, 2, 3].map(() => workers.run({ kind: 'open', paths: [join(root, 'a')] }, neverAborted())));
    const before = threadsNow();
    expect(await open()).toEqual([null, null, null]);
    expect(threadsNow()).toBeGreaterThanOrEqual(before + 3);
    await expect.poll(threadsNow, { timeout: 5000 }).toBeLessThanOrEqual(before);
    expect(await open()).toEqual([null, null, null]);
    // The next test counts threads as well.
    await expect.poll(threadsNow, { timeout: 5000 }).toBeLessThanOrEqual(before);
  });

  it.runIf(process.platform === 'linux')('can be begun ahead: one, which takes what comes and ends where nothing does', async () => {
    const before = threadsNow();
    const workers = new PackageWorkers(2, 50);
    workers.warm();
    const warmed = threadsNow();
    expect(warmed).toBeGreaterThan(before);
    workers.warm();
    expect(await workers.run({ kind: 'open', paths: [] }, neverAborted())).toBeNull();
    expect(threadsNow()).toBe(warmed);
    await expect.poll(threadsNow, { timeout: 5000 }).toBeLessThanOrEqual(before);
    workers.warm();
    await expect.poll(threadsNow, { timeout: 5000 }).toBeLessThanOrEqual(before);
  });

  it('say which file of a job failed, with the system\'s code', async () => {
    const root = plant(scratchFolder(), { a: 'a' });
    const paths = [join(root, 'a'), join(root, 'missing')];
    await expect(new PackageWorkers(1).run({ kind: 'open', paths }, neverAborted())).rejects.toMatchObject({ code: 'ENOENT', index: 1 });
  });

  it('never begin what was aborted while it waited', async () => {
    const root = plant(scratchFolder(), { a: 'a' });
    const workers = new PackageWorkers(1);
    const stop = new AbortController();
    const first = [1, 2].map(() => workers.run({ kind: 'look', folders: [root] }, neverAborted()));
    const waiting = expect(workers.run({ kind: 'look', folders: [root] }, stop.signal)).rejects.toThrow('enough');
    stop.abort(new Error('enough'));
    await waiting;
    expect(await Promise.all(first)).toHaveLength(2);
  });

  it('outlive a job that goes wrong without any file\'s fault', async () => {
    const workers = new PackageWorkers(1);
    const broken = { kind: 'block', fd: 0, start: 0, length: 2 ** 53, isLast: true, stored: true, levels: { text: 1, binary: 1 }, into: new SharedArrayBuffer(1) } as const;
    await expect(workers.run(broken, neverAborted())).rejects.toThrow(/array length/i);
    expect(await workers.run({ kind: 'open', paths: [] }, neverAborted())).toBeNull();
  });
});
