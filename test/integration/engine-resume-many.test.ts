import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/sandbox.ts';
import type { JournalEntry } from '../../main/uploads/journal-entry.ts';
import { MemoryKeychain, sandboxDraft, startEngine, type Engine } from '../support/engine.ts';
import { Gates } from '../support/slow-sandbox.ts';

let directory: string;
let cloud: Sandbox;
let gates: Gates;
let keychain: MemoryKeychain;
let engine: Engine;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-resume-many-'));
  gates = new Gates();
  cloud = await startSandbox({ directory: path.join(directory, 'cloud'), faults: gates.faults });
  keychain = new MemoryKeychain();
  engine = await startEngine({ directory, keychain });
  await engine.ferry.addAccount(sandboxDraft(cloud));
});

afterEach(async () => {
  await engine.close();
  await cloud.close();
  await rm(directory, { recursive: true, force: true });
});

async function file(name: string, content: string): Promise<void> {
  const full = path.join(directory, name);
  await mkdir(path.dirname(full), { recursive: true });
  await writeFile(full, content);
}

describe('Twenty thousand unfinished uploads come back in order, in less than two seconds and 300 MB', () => {
  const count = 20_000;
  const names = Array.from({ length: count }, (_, index) => `many/${String(index).padStart(5, '0')}.txt`);

  async function restored(meanwhile: () => Promise<void> | void): Promise<void> {
    await engine.close();
    await meanwhile();
    const bytesBefore = process.memoryUsage().rss;
    const startedAtMs = performance.now();
    engine = await startEngine({ directory, keychain });
    await engine.ferry.restore();
    const tookMs = performance.now() - startedAtMs;
    const bytes = process.memoryUsage().rss - bytesBefore;
    expect(engine.ferry.uploads().uploads.map(({ name }) => name)).toEqual(names);
    expect(engine.problems).toEqual([]);
    expect(tookMs).toBeLessThan(2_000);
    expect(bytes).toBeLessThan(300_000_000);
  }

  test('of a folder', async () => {
    await engine.ferry.setLimits({ ...engine.ferry.appState().limits, parallelUploads: 1, resumesAtStart: false });
    gates.close('PutObject');
    for (const name of names) await file(name, '');
    await engine.drop([path.join(directory, 'many')], { service: 'ms' });
    await engine.until((list) => list.uploads.length === count);
    await restored(() => { gates.open('PutObject'); });
  }, 120_000);

  test('each begun at COS', async () => {
    await engine.ferry.setLimits({ ...engine.ferry.appState().limits, resumesAtStart: false });
    const { accountId } = engine.ferry.appState();
    await restored(async () => {
      for (const [index, name] of names.entries()) {
        const entry: JournalEntry = {
          version: 1, id: `upload-${index}`, order: index + 1, accountId,
          source: { id: 'source', name: 'many', kind: 'folder', accountLabel: 'Studio', addedAtMs: 1 },
          destination: { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null },
          name, paths: [path.join(directory, name)], packed: false, origin: { name: 'many', path: path.join(directory, 'many') }, sizeHint: 1,
          intent: 'running', failure: null,
          multipart: { bucket: 'ms-sandbox-1250000000', region: 'ap-guangzhou', key: `prefix/${name}`, uploadId: `u${index}`, partBytes: 1024 * 1024, completing: false },
        };
        await file(`journal/upload-${index}.json`, JSON.stringify(entry));
      }
    });
  }, 120_000);
});
