import { expect, test } from 'vitest';
import { abandonable } from '../../main/abandonable.ts';

test('who waits for a shared task is let go by a signal, with its reason, and the others are not', async () => {
  const stop = new AbortController();
  let finish = (_value: string): void => undefined;
  const shared = new Promise<string>((resolve) => { finish = resolve; });
  const stopped = abandonable(shared, stop.signal);
  const other = abandonable(shared, new AbortController().signal);
  stop.abort(new Error('enough'));
  await expect(stopped).rejects.toThrow('enough');
  await expect(abandonable(shared, stop.signal)).rejects.toThrow('enough');
  finish('done');
  await expect(other).resolves.toBe('done');
});

test('twenty thousand can wait under one signal, and cost it one listener', async () => {
  const stop = new AbortController();
  let listeners = 0;
  const add = stop.signal.addEventListener.bind(stop.signal);
  stop.signal.addEventListener = (...args: Parameters<typeof add>) => { listeners += 1; add(...args); };
  const all = Array.from({ length: 20_000 }, () => abandonable(new Promise<void>(() => undefined), stop.signal));
  stop.abort(new Error('enough'));
  expect((await Promise.allSettled(all)).every(({ status }) => status === 'rejected')).toBe(true);
  expect(listeners).toBe(1);
});
