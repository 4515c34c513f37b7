import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { beginAhead, takeSendWorker } from '../../main/transfer/send-worker-begin.ts';

/** The thread that `begin` begins. */
async function begunBy(begin: () => void): Promise<Worker> {
  const begun = once(process, 'worker') as Promise<[Worker]>;
  begin();
  const [worker] = await begun;
  return worker;
}

test('a thread that was begun ahead goes to the first that asks for one, and to no other', async () => {
  const ahead = await begunBy(beginAhead);
  const first = takeSendWorker();
  const second = takeSendWorker();
  expect(first).toBe(ahead);
  expect(second).not.toBe(ahead);
  await Promise.all([first.terminate(), second.terminate()]);
});

test('one that has ended before anybody asked is given to nobody', async () => {
  const ahead = await begunBy(beginAhead);
  await ahead.terminate();
  const taken = takeSendWorker();
  expect(taken).not.toBe(ahead);
  await taken.terminate();
});
