import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { FerryError } from '../../main/ferry-error.ts';
import { identityOf } from '../../main/package/file-identity.ts';
import { StoreError } from '../../main/transfer/object-store.ts';
import { partStarts } from '../../main/transfer/part-size.ts';
import type { SendContent } from '../../main/transfer/sending.ts';
import type { Sent } from '../../main/transfer/tally.ts';
import { lineOf } from '../support/memory-line.ts';
import { MemoryStore } from '../support/memory-store.ts';
import { partBytes, sendToMemory } from '../support/send-to-memory.ts';

const transient = new StoreError('transient', { code: 'store-failed' }, 503);

let store: MemoryStore;
let progress: Sent[];
let abortFailures: unknown[];
let unknowns: unknown[];
let cancel: AbortController;

beforeEach(() => {
  store = new MemoryStore();
  progress = [];
  abortFailures = [];
  unknowns = [];
  cancel = new AbortController();
});

function send(data: Buffer, change: Partial<SendContent> = {}) {
  return sendToMemory(store, data, {
    signal: cancel.signal,
    onMaybeStored: (error) => unknowns.push(error),
    onProgress: (sent) => progress.push(sent),
    onAbortFailed: (error) => abortFailures.push(error),
    ...change,
  });
}

test('what fits into one part goes by one PUT', async () => {
  const data = randomBytes(partBytes);
  const sent = await send(data);
  expect(store.calls).toEqual(['putObject']);
  expect(store.objects.get('the/key')!.equals(data)).toBe(true);
  expect(sent).toMatchObject({ size: partBytes, requestId: 'request-1' });
});

test('one byte more becomes a multipart upload of two parts', async () => {
  const data = randomBytes(partBytes + 1);
  await send(data);
  expect([...store.calls].sort()).toEqual(['completeMultipart', 'headObject', 'putPart', 'putPart', 'startMultipart']);
  expect(store.objects.get('the/key')!.equals(data)).toBe(true);
});

test('no bytes at all are an object of no bytes', async () => {
  expect(await send(Buffer.alloc(0))).toMatchObject({ size: 0, crc64: '0' });
});

test('the first parts are made while the upload is begun', async () => {
  let made = 0;
  const start = store.startMultipart.bind(store);
  store.startMultipart = async () => {
    await expect.poll(() => made).toBeGreaterThanOrEqual(2 * partBytes);
    return start();
  };
  const chunk = randomBytes(partBytes);
  const sent = await send(Buffer.alloc(0), {
    source: {
      async* chunks() {
        for (; made < 20 * partBytes; made += chunk.length) yield { data: chunk, sourceBytes: 1 };
      },
    },
  });
  expect(sent.size).toBe(20 * partBytes);
});

test('parts arrive in order however many fly at once', async () => {
  const data = randomBytes(partBytes * 37 + 5);
  await send(data);
  expect(store.objects.get('the/key')!.equals(data)).toBe(true);
});

describe('a try that fails', () => {
  test('is made again, and its bytes are not counted twice', async () => {
    store.trouble = (call, count) => { if (call === 'putPart' && count % 2 === 1) throw transient; };
    const data = randomBytes(partBytes * 5);
    await send(data);
    expect(store.objects.get('the/key')!.equals(data)).toBe(true);
    expect(Math.max(...progress.map((sent) => sent.bytes))).toBe(data.length);
    expect(progress.at(-1)).toMatchObject({ bytes: data.length, sourceBytes: data.length * 2 });
  });

  test('is not made again for ever: the store\'s last word is thrown and the upload aborted', async () => {
    const garbled = new StoreError('transient', { code: 'store-failed', serviceCode: 'BadDigest' }, 400);
    store.trouble = (call) => { if (call === 'putPart') throw garbled; };
    await expect(send(randomBytes(partBytes * 3))).rejects.toBe(garbled);
    expect(store.uploads.size).toBe(0);
  });

  test('for good is not made again', async () => {
    const denied = new StoreError('permanent', { code: 'store-access-denied' }, 403);
    store.trouble = (call) => { if (call === 'putObject') throw denied; };
    await expect(send(randomBytes(10))).rejects.toBe(denied);
    expect(store.calls).toEqual(['putObject']);
  });
});

describe('verification', () => {
  test('a part that arrived changed is found out', async () => {
    store.receive = (data) => Buffer.concat([data.subarray(1), Buffer.from([0])]);
    await expect(send(randomBytes(partBytes * 2))).rejects.toMatchObject({ problem: { code: 'not-verified' } });
    expect(store.uploads.size).toBe(0);
  });

  test('an object whose CRC64 differs is a failure, though every request succeeded', async () => {
    store.receive = (data) => Buffer.alloc(data.length);
    await expect(send(randomBytes(10))).rejects.toMatchObject({ problem: { code: 'not-verified' } });
  });
});

test('a lost reply to Complete is recognised as done', async () => {
  let lost = false;
  store.reply = (call) => {
    if (call !== 'completeMultipart' || lost) return;
    lost = true;
    throw transient;
  };
  const data = randomBytes(partBytes * 2);
  await expect(send(data)).resolves.toMatchObject({ size: data.length });
  expect(store.calls.slice(-4)).toEqual(['completeMultipart', 'completeMultipart', 'headObject', 'headObject']);
});

describe('cancel', () => {
  test('throws the reason and aborts the multipart upload', async () => {
    store.trouble = (call, count) => { if (call === 'putPart' && count === 3) cancel.abort(new Error('cancelled')); };
    await expect(send(randomBytes(partBytes * 20))).rejects.toThrow('cancelled');
    expect(store.uploads.size).toBe(0);
  });

  test('while the UploadId is on its way still aborts it', async () => {
    store.trouble = (call) => { if (call === 'startMultipart') cancel.abort(new Error('cancelled')); };
    await expect(send(randomBytes(partBytes * 2))).rejects.toThrow('cancelled');
    await expect.poll(() => store.uploads.size).toBe(0);
    expect(store.calls).toContain('abortMultipart');
  });

  test('that comes while COS completes ends as done: the object is there', async () => {
    store.reply = () => { cancel.abort(new Error('cancelled')); throw new Error('cancelled'); };
    await expect(send(randomBytes(partBytes * 2))).resolves.toMatchObject({ size: partBytes * 2 });
  });

  test.each([[2, 'completeMultipart'], [1, 'putObject']])('that comes while COS completes %i parts, where HEAD is not allowed, tells that the object may be there', async (parts, call) => {
    const denied = new StoreError('permanent', { code: 'store-access-denied' }, 403);
    store.trouble = (asked) => { if (asked === 'headObject') throw denied; };
    const lost = (): never => { cancel.abort(new Error('cancelled')); throw new Error('cancelled'); };
    store.reply = lost;
    const putObject = store.putObject.bind(store);
    store.putObject = async (...args) => { await putObject(...args); return lost(); };
    await expect(send(randomBytes(partBytes * parts))).rejects.toThrow('cancelled');
    expect(store.calls).toContain(call);
    expect(unknowns).toEqual([denied]);
  });

  test('tells when parts could not be aborted', async () => {
    store.trouble = (call, count) => {
      if (call === 'putPart' && count === 2) cancel.abort(new Error('cancelled'));
      if (call === 'abortMultipart') throw transient;
    };
    await expect(send(randomBytes(partBytes * 20))).rejects.toThrow('cancelled');
    expect(abortFailures).toEqual([transient]);
    expect(store.calls.filter((call) => call === 'abortMultipart').length).toBeGreaterThan(1);
  });
});

test('a source that fails midway fails the upload with its own words and leaves no parts', async () => {
  const vanished = new FerryError({ code: 'source-vanished', params: { name: 'a' } });
  await expect(send(Buffer.alloc(0), {
    source: {
      async* chunks() {
        yield { data: randomBytes(partBytes * 3), sourceBytes: 1 };
        throw vanished;
      },
    },
  })).rejects.toBe(vanished);
  expect(store.uploads.size).toBe(0);
  expect(store.objects.size).toBe(0);
});

test('no more parts fly than there are slots', async () => {
  let flying = 0;
  let most = 0;
  const original = store.putPart.bind(store);
  let tell = (): void => undefined;
  const full = new Promise<void>((resolve) => { tell = resolve; });
  store.putPart = async (...args) => {
    most = Math.max(most, ++flying);
    if (flying === 4) tell();
    // However long it takes until there are as many as may be.
    await full;
    await new Promise((resolve) => { setTimeout(resolve, 2); });
    flying -= 1;
    return original(...args);
  };
  await send(randomBytes(partBytes * 30), { line: lineOf({ most: 4 }) });
  expect(most).toBe(4);
});

test.each([
  ['that are all of one size, as an earlier version cut them', (size: number, partBytes: number) => starts(size, partBytes)],
  ['of another size', (size: number, partBytes: number) => starts(size, partBytes * 3)],
  ['that are smaller, and so are more', (size: number, partBytes: number) => starts(size, partBytes / 2)],
] as const)('a file of which the store has parts %s arrives whole, and only what is as it would be cut now is kept', async (_what, cut) => {
  const partBytes = 2 * 1024 * 1024;
  const data = randomBytes(21 * 1024 * 1024 + 5);
  const folder = mkdtempSync(path.join(tmpdir(), 'ferry-boundaries-'));
  const file = path.join(folder, 'build.bin');
  writeFileSync(file, data);
  const uploadId = await store.startMultipart();
  const held = store.uploads.get(uploadId)!;
  const begun = cut(data.length, partBytes);
  for (const [index, start] of begun.entries()) held.set(index + 1, data.subarray(start, begun[index + 1]));
  const now = partStarts(data.length, partBytes);
  const same = now.filter((start, index) => begun[index] === start && (begun[index + 1] ?? data.length) === (now[index + 1] ?? data.length)).length;
  const source = { file: { path: file, name: 'build.bin', identity: identityOf(statSync(file)) } };
  const sent = await send(data, { source, partBytes, resume: { uploadId, parts: [], completing: false } });
  rmSync(folder, { recursive: true });
  expect(sent.size).toBe(data.length);
  expect(store.objects.get('the/key')!.equals(data)).toBe(true);
  expect(store.calls.filter((call) => call === 'putPart')).toHaveLength(now.length - same);
  expect(store.uploads.size).toBe(0);
});

function starts(size: number, partBytes: number): readonly number[] {
  return Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => index * partBytes);
}
