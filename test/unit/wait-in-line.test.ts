import { expect, test } from 'vitest';
import { waitInLine, type InLine } from '../../main/transfer/wait-in-line.ts';

const never = new AbortController().signal;
const enough = new Error('enough');

test('who gives up is out of the line before the others are looked at', async () => {
  const line: InLine<string, number>[] = [];
  const left: string[][] = [];
  const abort = new AbortController();
  void waitInLine(line, 'first', never, () => undefined);
  const second = waitInLine(line, 'second', abort.signal, () => { left.push(line.map(({ want }) => want)); });
  void waitInLine(line, 'third', never, () => undefined);
  abort.abort(enough);
  await expect(second).rejects.toBe(enough);
  expect(left).toEqual([['first', 'third']]);
});

test('who was admitted takes no other out of the line by giving up later', async () => {
  const line: InLine<string, number>[] = [];
  const abort = new AbortController();
  let left = 0;
  const first = waitInLine(line, 'first', abort.signal, () => { left += 1; });
  void waitInLine(line, 'second', never, () => undefined);
  line.shift()?.admit(7);
  abort.abort(enough);
  expect(await first).toBe(7);
  expect(line.map(({ want }) => want)).toEqual(['second']);
  expect(left).toBe(0);
});
