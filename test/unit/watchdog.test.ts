import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Watchdog } from '../../main/transfer/watchdog.ts';

const stillMs = 30;

function watched() {
  const told = { stills: 0 };
  return { told, watchdog: new Watchdog(stillMs, () => { told.stills += 1; }) };
}

/** Until the watchdog's time is over, which it is before anything else can go on. */
async function keepThread(): Promise<void> {
  const over = sleep(stillMs);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * stillMs);
  await over;
}

test('where nothing moves it says so, once', async () => {
  const { told } = watched();
  await expect.poll(() => told.stills).toBe(1);
  await sleep(2 * stillMs);
  expect(told.stills).toBe(1);
});

test.each(['moved', 'hold', 'end'] as const)('after the thread was kept, what came meanwhile counts first: %s', async (what) => {
  const { told, watchdog } = watched();
  await keepThread();
  watchdog[what]();
  for (let turns = 0; turns < 3; turns++) await turn();
  expect(told.stills).toBe(0);
  watchdog.end();
});

test('what has moved once more is watched on', async () => {
  const { told, watchdog } = watched();
  await keepThread();
  watchdog.moved();
  await expect.poll(() => told.stills).toBe(1);
});
