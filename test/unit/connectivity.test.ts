import { expect, test } from 'vitest';
import { Connectivity } from '../../main/connectivity.ts';

function connectivity() {
  const changes: boolean[] = [];
  return { changes, line: new Connectivity({ onChange: (offline) => { changes.push(offline); } }) };
}

test('one request without an answer is no outage; three in a row are, until anything is answered', () => {
  const { changes, line } = connectivity();
  line.unanswered();
  line.unanswered();
  line.answered();
  line.unanswered();
  line.unanswered();
  expect(changes).toEqual([]);
  line.unanswered();
  line.unanswered();
  line.answered();
  expect(changes).toEqual([true, false]);
});

test('the first answer after an outage ends the wait of all others', async () => {
  const { line } = connectivity();
  const waits = [line.sleep(36e5), line.sleep(36e5)];
  for (let request = 0; request < 3; request++) line.unanswered();
  line.answered();
  await Promise.all(waits);
});

test('a wait that is given up ends with the reason', async () => {
  const { line } = connectivity();
  const stop = new AbortController();
  const wait = line.sleep(36e5, stop.signal);
  stop.abort(new Error('enough'));
  await expect(wait).rejects.toThrow('enough');
});
