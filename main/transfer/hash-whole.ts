import { hash } from 'node:crypto';
import { wholeCrc64 } from './crc64.ts';
import { beginMd5, leastForLanes, md5End, md5Text, threadLanes, type RunningMd5 } from './hash-lanes.ts';
import { lanes, md5BlockBytes } from './md5-code.ts';
import type { PartHashes } from './send-messages.ts';

interface Waiting {
  readonly data: Uint8Array;
  readonly done: (md5: string) => void;
  readonly fail: (cause: unknown) => void;
}

interface Running {
  readonly hashes: RunningMd5;
  /** Its whole blocks, then its end. */
  bytes: Uint8Array;
  end: Uint8Array | null;
  readonly done: (md5: string) => void;
}

let waiting: Waiting[] = [];

/** Makes now what the first hash would have to wait for. */
export function prepareHashes(): void {
  try {
    threadLanes();
  } catch {
    // The first hash says so.
  }
  wholeCrc64().catch(() => undefined);
}

/** The hashes of bytes that are all there: of several that are asked for in one turn, the MD5s are computed together. */
export async function hashWhole(data: Uint8Array): Promise<PartHashes> {
  const crcOf = await wholeCrc64();
  const md5 = await new Promise<string>((done, fail) => {
    if (waiting.push({ data, done, fail }) === 1) queueMicrotask(hashAll);
  });
  return { md5, crc64: crcOf(data) };
}

function hashAll(): void {
  // Those of about one length go together: what is left when the others are at their end is alone.
  const all = waiting.sort((a, b) => a.data.length - b.data.length);
  waiting = [];
  try {
    hashInLanes(all);
  } catch (cause) {
    // Not every computer has what the lanes need, nor is MD5 allowed on every one; who has an answer already keeps it.
    for (const { fail } of all) fail(cause);
  }
}

function hashInLanes(all: readonly Waiting[]): void {
  const many = Math.ceil(all.length / Math.ceil(all.length / lanes));
  for (let at = 0; at < all.length; at += many) {
    const some = all.slice(at, at + many);
    if (some.length >= leastForLanes) hashTogether(some);
    else for (const { data, done } of some) done(hash('md5', data, 'base64'));
  }
}

function hashTogether(some: readonly Waiting[]): void {
  const all = some.map(({ data, done }): Running => {
    const wholeBytes = data.length - data.length % md5BlockBytes;
    return { hashes: beginMd5(), bytes: data.subarray(0, wholeBytes), end: md5End(data.subarray(wholeBytes), data.length), done };
  });
  for (let work = all.filter(isLeft); work.length > 0; work = work.filter(isLeft)) {
    const bytes = Math.min(...work.map((one) => one.bytes.length));
    threadLanes().advanceMd5(work, bytes);
    for (const one of work) one.bytes = one.bytes.subarray(bytes);
  }
  for (const { hashes, done } of all) done(md5Text(hashes));
}

function isLeft(one: Running): boolean {
  if (one.bytes.length > 0) return true;
  if (!one.end) return false;
  one.bytes = one.end;
  one.end = null;
  return true;
}
