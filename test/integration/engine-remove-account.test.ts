import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sandboxDraft, startEngine, type Engine } from '../support/engine.ts';
import { status, type Fault } from '../support/faults.ts';

let engine: Engine;
let folder: string;
/** What happens to a PutObject. */
let fault: Fault;

beforeEach(async () => {
  fault = () => false;
  engine = await startEngine({ sandbox: { faults: (request) => request.operation === 'PutObject' && fault(request) } });
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-remove-account-'));
});

afterEach(async () => {
  await engine.close();
  await rm(folder, { recursive: true, force: true });
});

async function drop(name: string): Promise<void> {
  await writeFile(path.join(folder, name), 'content');
  await engine.drop([path.join(folder, name)], { service: 'ms' });
}

/** Something happens while the key is being deleted, which a keychain may take its time for. */
function meanwhile(before: () => Promise<unknown>, after: () => Promise<unknown>): void {
  const forget = engine.keychain.delete.bind(engine.keychain);
  engine.keychain.delete = async (id) => {
    await before();
    await forget(id);
    await after();
  };
}

const nothing = async (): Promise<void> => undefined;

test('what misses its key while its account is being removed is cancelled with it, and stays in the list', async () => {
  const account = await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  meanwhile(nothing, async () => {
    await drop('a.apk');
    await engine.until(({ uploads }) => uploads.some(({ problem }) => problem?.code === 'key-missing'));
  });
  await engine.ferry.removeAccount(account.id);
  expect(await engine.finished()).toMatchObject([{ name: 'a.apk', phase: 'cancelled', problem: null }]);
});

test('a failed upload that is retried while its account is being removed is cancelled with it', async () => {
  const account = await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  fault = status(403, 'AccessDenied');
  await drop('a.apk');
  const [failed] = await engine.finished();
  expect(failed!.phase).toBe('failed');
  const asked = new Promise<void>((resolve) => {
    fault = ({ req }) => {
      req.resume();
      resolve();
      return true;
    };
  });
  meanwhile(async () => {
    await engine.ferry.retryUploads([failed!.id]);
    await asked;
  }, nothing);
  await engine.ferry.removeAccount(account.id);
  expect(await engine.finished()).toMatchObject([{ name: 'a.apk', phase: 'cancelled' }]);
});

test('an upload that had failed before leaves the list with its account', async () => {
  const account = await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  fault = status(403, 'AccessDenied');
  await drop('a.apk');
  expect(await engine.finished()).toMatchObject([{ phase: 'failed' }]);
  await engine.ferry.removeAccount(account.id);
  expect(engine.ferry.uploads().uploads).toEqual([]);
});
