import { expect, test } from 'vitest';
import type { Account } from '../../main/credentials/account.ts';
import type { DropRecord } from '../../main/uploads/drop-record.ts';
import { PendingDrop, type PendingDropOptions } from '../../main/uploads/pending-drop.ts';

const account: Account = { id: 'a', label: 'Studio', site: 'china', secretId: 'AKID', apiEndpoint: null, cosDomain: null };
const destination = { service: 'car', applicationId: '', cosRegion: '', durationSeconds: null } as const;
const record = (id: string): DropRecord => ({
  version: 1, id, addedAtMs: 1, account: { id: 'a', label: 'Studio', cosDomain: null }, destination, paths: [`/${id}`], name: null, waits: true, listing: null,
});

test('of two drops that waited at a crash, the second goes off the disk only once the first holds it as well', async () => {
  const done: string[] = [];
  let written = (): void => undefined;
  const drops = {
    hold: (id: string) => new Promise<void>((resolve) => { written = () => { done.push(`${id} written`); resolve(); }; }),
    giveUp: (id: string) => { done.push(`${id} removed`); },
  };
  const accounts = { destination: () => destination };
  const pending = new PendingDrop({ drops, accounts, onChange: () => undefined, onProblem: () => undefined } as unknown as PendingDropOptions);
  pending.restore(record('one'), account);
  pending.restore(record('two'), account);
  await new Promise((resolve) => { setImmediate(resolve); });
  written();
  await expect.poll(() => done).toEqual(['one written', 'two removed']);
});
