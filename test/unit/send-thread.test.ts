import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { SendThread, ThreadDied } from '../../main/transfer/send-thread.ts';
import { Throttle } from '../../main/transfer/throttle.ts';

test('a thread that is ended keeps the process alive until it is gone, whatever it was at', async () => {
  const begun = once(process, 'worker') as Promise<[Worker]>;
  const thread = new SendThread({ throttle: new Throttle().memory }, () => undefined);
  const [worker] = await begun;
  const head = { method: 'GET', protocol: 'http:', host: '127.0.0.1:1', path: '/', headers: {} } as const;
  const asked = expect(thread.do({ kind: 'ask', document: '', head, proxy: null, stallMs: 1000 }, new AbortController().signal, () => undefined)).rejects.toThrow(ThreadDied);
  let letGo = 0;
  const unref = worker.unref.bind(worker);
  worker.unref = () => {
    letGo += 1;
    unref();
  };
  await thread.end();
  await asked;
  expect(letGo).toBe(0);
});
