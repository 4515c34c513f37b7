import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreError } from '../../main/transfer/object-store.ts';
import { NotSmall } from '../../main/transfer/send-thread.ts';
import { lineOf } from '../support/memory-line.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { sendToMemory } from '../support/send-to-memory.ts';

describe('a small file', () => {
  let folder: string;
  let store: MemoryStore;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'ferry-small-'));
    store = new MemoryStore();
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  function planted(data: Buffer) {
    const file = path.join(folder, 'small.bin');
    writeFileSync(file, data);
    return { path: file, name: 'small.bin' };
  }

  test.each([0, 1, 20_000, 262_144])('of %d bytes goes by one PUT, whose answer says all', async (bytes) => {
    const data = randomBytes(bytes);
    const sent = await sendToMemory(store, data, { source: { smallFile: planted(data) } });
    expect(store.calls).toEqual(['putObject']);
    expect(store.objects.get('the/key')!.equals(data)).toBe(true);
    expect(sent).toMatchObject({ size: bytes, sentBytes: bytes });
  });

  test('is read again by a try that is made again', async () => {
    const smallFile = planted(Buffer.from('old'));
    store.trouble = (call, count) => {
      if (call !== 'putObject' || count > 1) return;
      writeFileSync(smallFile.path, 'the new one');
      throw new StoreError('transient', { code: 'store-failed' }, 503);
    };
    expect(await sendToMemory(store, Buffer.alloc(0), { source: { smallFile } })).toMatchObject({ size: 11 });
    expect(store.objects.get('the/key')!.toString()).toBe('the new one');
  });

  test('that arrived changed is a failure', async () => {
    store.receive = (data) => Buffer.alloc(data.length);
    await expect(sendToMemory(store, Buffer.alloc(0), { source: { smallFile: planted(Buffer.from('x')) } })).rejects.toMatchObject({ problem: { code: 'not-verified' } });
  });

  test('that is not small any more is not sent', async () => {
    await expect(sendToMemory(store, Buffer.alloc(0), { source: { smallFile: planted(Buffer.alloc(262_145)) } })).rejects.toBeInstanceOf(NotSmall);
    expect(store.objects.size).toBe(0);
  });

  test('that is gone fails in words, and is no trouble of the network', async () => {
    await expect(sendToMemory(store, Buffer.alloc(0), { source: { smallFile: { path: path.join(folder, 'none'), name: 'none' } } })).rejects.toMatchObject({ problem: { code: 'source-missing' } });
    expect(store.calls).toEqual(['putObject']);
  });

  test('that was several parts is sent anew once those were given up', async () => {
    let given = 0;
    await sendToMemory(store, Buffer.alloc(0), {
      source: { smallFile: planted(Buffer.from('x')) },
      resume: { uploadId: 'upload-1', parts: [], completing: false },
      onResumeGivenUp: async () => { given += 1; },
    });
    expect(given).toBe(1);
  });

  test('gives its place back', async () => {
    const line = lineOf({ most: 1 });
    await sendToMemory(store, Buffer.alloc(0), { line, source: { smallFile: planted(Buffer.from('x')) } });
    await sendToMemory(store, Buffer.alloc(0), { line, source: { smallFile: planted(Buffer.from('y')) } });
    expect(store.objects.get('the/key')!.toString()).toBe('y');
  });
});
