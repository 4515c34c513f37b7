import { expect, test } from 'vitest';
import type { Part } from '../../main/transfer/parts.ts';
import { Tally, type Sent } from '../../main/transfer/tally.ts';

test('a part that is sent again has come further only once it is beyond its best try', () => {
  const told: Sent[] = [];
  const tally = new Tally((sent) => { told.push(sent); });
  const [one, two] = [1, 2].map((number) => ({ number, bytes: 100, sourceBytes: 100 } as Part));
  for (const bytes of [0, 60, 0, 60, 70]) tally.sent(one!, bytes);
  tally.sent(two!, 40);
  expect(told.map(({ bytes, reachedBytes, sentBytes }) => [bytes, reachedBytes, sentBytes])).toEqual([
    [0, 0, 0], [60, 60, 60], [0, 60, 60], [60, 60, 120], [70, 70, 130], [110, 110, 170],
  ]);
  tally.stored(one!);
  expect(told.at(-1)).toMatchObject({ bytes: 140, reachedBytes: 110 });
});
