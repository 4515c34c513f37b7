import { beforeEach, expect, test } from 'vitest';
import type { Account } from '../../main/credentials/account.ts';
import { newUpload, type Upload } from '../../main/uploads/upload.ts';
import { UploadList } from '../../main/uploads/upload-list.ts';
import { UploadQueue } from '../../main/uploads/upload-queue.ts';
import { waiting } from '../../main/uploads/upload-state.ts';

let list: UploadList;
let queue: UploadQueue;
let lastOrder: number;
/** What ends the runs, in the order they began. */
let running: Map<string, () => void>;

beforeEach(() => { begin(2); });

function begin(parallel: number): void {
  lastOrder = 0;
  running = new Map();
  list = new UploadList({ now: Date.now, publish: () => undefined });
  queue = new UploadQueue({
    list, parallel,
    now: Date.now,
    shareOf: ({ plan }) => plan.packed ? 1 : 1 / 8,
    run: async ({ upload, signal }) => {
      await new Promise<void>((resolve) => {
        running.set(upload.id, resolve);
        signal.addEventListener('abort', () => { resolve(); });
      });
      running.delete(upload.id);
    },
    onSettled: () => undefined,
  });
}

function add(ofAccount: string, name: string, change: { readonly packed?: boolean; readonly lane?: string } = {}): Upload {
  lastOrder += 1;
  const account: Account = { id: ofAccount, label: ofAccount, site: 'china', secretId: 'id', apiEndpoint: null, cosDomain: null };
  const upload = newUpload(`${ofAccount}-${name}`, name, lastOrder, {
    account, name, paths: [name], packed: true, origin: { name, path: name }, sizeHint: null, lane: `${ofAccount} ${name}`,
    destination: { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null },
    ...change,
  }, waiting);
  list.add(upload);
  queue.add(upload);
  return upload;
}

/** Those that go on, once nothing more begins. */
async function going(): Promise<readonly string[]> {
  await new Promise((resolve) => { setImmediate(resolve); });
  return [...running.keys()];
}

test('what waits out an outage leaves its place to the next one, and goes on all the same', async () => {
  const [first] = [add('dead', '1'), add('well', '1'), add('well', '2')];
  expect(await going()).toEqual(['dead-1', 'well-1']);
  queue.standAside(first, true);
  expect(await going()).toEqual(['dead-1', 'well-1', 'well-2']);
});

test('an account has no more going on than there are places, however many of it wait out an outage', async () => {
  const dead = ['1', '2', '3'].map((name) => add('dead', name));
  add('well', '1');
  expect(await going()).toEqual(['dead-1', 'dead-2']);
  for (const upload of dead.slice(0, 2)) queue.standAside(upload, true);
  expect(await going()).toEqual(['dead-1', 'dead-2', 'well-1']);
  running.get('dead-1')!();
  expect(await going()).toEqual(['dead-2', 'well-1', 'dead-3']);
});

test('one that waits out an outage leaves its own account the other places', async () => {
  const first = add('both', '1');
  for (const name of ['2', '3']) add('both', name);
  await going();
  queue.standAside(first, true);
  expect(await going()).toEqual(['both-1', 'both-2']);
});

test('what gets on again does so at once, and nothing else begins before there is a place', async () => {
  const first = add('dead', '1');
  for (const name of ['1', '2', '3']) add('well', name);
  await going();
  queue.standAside(first, true);
  expect(await going()).toEqual(['dead-1', 'well-1', 'well-2']);
  queue.standAside(first, false);
  running.get('well-1')!();
  expect(await going()).toEqual(['dead-1', 'well-2']);
  running.get('dead-1')!();
  expect(await going()).toEqual(['well-2', 'well-3']);
});

test('one at a time stays one at a time, also where it waits out an outage', async () => {
  begin(1);
  const first = add('dead', '1');
  add('well', '1');
  await going();
  queue.standAside(first, true);
  expect(await going()).toEqual(['dead-1']);
  queue.pause(first);
  expect(await going()).toEqual(['well-1']);
});

test.each(['pause', 'cancel'] as const)('%s of one that stands aside takes nothing from the others and frees its lane', async (how) => {
  const first = add('dead', '1');
  for (const name of ['1', '2']) add('well', name);
  await going();
  queue.standAside(first, true);
  await going();
  queue[how](first);
  expect(await going()).toEqual(['well-1', 'well-2']);
  expect(first.state.phase).toBe(how === 'pause' ? 'paused' : 'cancelled');
  for (const end of running.values()) end();
  add('dead', 'again', { lane: first.plan.lane });
  add('well', '4');
  add('well', '5');
  expect(await going()).toEqual(['dead-again', 'well-4']);
});

test('its lane is busy while it stands aside', async () => {
  const first = add('dead', '1');
  await going();
  queue.standAside(first, true);
  add('dead', 'same', { lane: first.plan.lane });
  expect(await going()).toEqual(['dead-1']);
});

test('small files that stand aside count as what they are', async () => {
  const dead = Array.from({ length: 20 }, (_, index) => add('dead', String(index), { packed: false }));
  add('well', '1');
  expect(await going()).toHaveLength(16);
  for (const upload of dead.slice(0, 8)) queue.standAside(upload, true);
  expect((await going()).slice(16)).toEqual(['well-1']);
});

test('quitting stops those that stand aside as well', async () => {
  const first = add('dead', '1');
  await going();
  queue.standAside(first, true);
  await queue.quit();
  expect(await going()).toEqual([]);
});
