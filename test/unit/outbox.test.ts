import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Outbox } from '../../main/transfer/outbox.ts';

function outbox(): { readonly box: Outbox<number>; readonly posted: (readonly number[])[] } {
  const posted: (readonly number[])[] = [];
  return { box: new Outbox((messages) => { posted.push(messages); }), posted };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('what comes in one turn goes together', async () => {
  const { box, posted } = outbox();
  for (const message of [1, 2, 3]) box.add(message);
  expect(posted).toEqual([]);
  await turn();
  expect(posted).toEqual([[1, 2, 3]]);
});

test('many do not wait for the rest of them', async () => {
  const { box, posted } = outbox();
  for (const message of upTo(40)) box.add(message);
  expect(posted).toEqual([upTo(12), upTo(24).slice(12), upTo(36).slice(24)]);
  await turn();
  expect(posted.flat()).toEqual(upTo(40));
});

test('nothing is told where all was told already', async () => {
  const { box, posted } = outbox();
  for (const message of upTo(12)) box.add(message);
  await turn();
  expect(posted).toHaveLength(1);
  box.add(12);
  await turn();
  expect(posted.flat()).toEqual(upTo(13));
});
