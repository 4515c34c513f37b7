import { FerryError } from '../ferry-error.ts';
import { retry } from '../retry.ts';
import { abortMultipart, cancelPatienceMs, cleanUpPatienceMs } from './abort-multipart.ts';
import { confirmStored } from './confirm-stored.ts';
import { completeMultipart, storedAfterAll, storedMeanwhile } from './complete-multipart.ts';
import { StoreError, type HeldPart, type StoredPart } from './object-store.ts';
import type { Part, PartsSummary } from './parts.ts';
import { Places } from './places.ts';
import type { ReadyPart } from './ready-part.ts';
import { verified, type ResumePoint, type Sending, type SentContent } from './sending.ts';

/**
 * Sends the parts as a multipart upload and completes it. Of an upload that is resumed, parts whose
 * MD5 and size agree with what the store holds are only read.
 */
export async function sendParts(sending: Sending, first: Part): Promise<SentContent> {
  const resumed = sending.resume ? await goOn(sending, sending.resume) : null;
  if (resumed === 'gone') return await readOnly(sending, first);
  // The first parts are made while it is begun.
  const opening = resumed ? Promise.resolve(resumed) : begin(sending);
  opening.catch(() => undefined);
  let completing: PartsSummary | null = null;
  try {
    const { summary, stored } = await sendAll(sending, opening, first);
    const { uploadId } = await opening;
    await sending.onAllSent(summary);
    completing = summary;
    const object = await retry((triesBefore) => completeMultipart(sending, uploadId, stored, summary, triesBefore), sending.retryOptions);
    const sent = verified(summary, object, sending.tally.sentBytes);
    await confirmStored(sending, summary);
    return sent;
  } catch (error) {
    const uploadId = await opening.then((opened) => opened.uploadId, () => null);
    if (uploadId === null || !sending.abortsAfter(error)) throw error;
    const left = await abortMultipart(sending, uploadId, completing ? cleanUpPatienceMs : cancelPatienceMs);
    // A cancel can come while COS is completing: then there is nothing to abort, but an object.
    const object = left === 'gone' && completing
      ? await storedAfterAll(sending, completing, error)
      : null;
    if (object && completing) return verified(completing, object, sending.tally.sentBytes);
    throw error;
  }
}

type Held = ReadonlyMap<number, HeldPart>;

interface Opened {
  readonly uploadId: string;
  readonly held: Held;
}

/** Goes on with the earlier upload where the store still knows it, else begins one; `gone` where it may be complete. */
async function goOn(sending: Sending, resume: ResumePoint): Promise<Opened | 'gone'> {
  const { store, key, signal } = sending;
  try {
    const parts = await retry(() => store.listParts(key, resume.uploadId, signal), sending.retryOptions);
    return { uploadId: resume.uploadId, held: byNumber(parts) };
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind === 'transient' || error.kind === 'credential-dead') throw error;
    // Listing may be forbidden where writing is not: then the journal tells.
    if (error.kind !== 'no-such-upload') return { uploadId: resume.uploadId, held: byNumber(resume.parts) };
    return resume.completing ? 'gone' : await begin(sending);
  }
}

async function begin(sending: Sending): Promise<Opened> {
  const uploadId = await start(sending);
  try {
    await sending.onStarted(uploadId);
  } catch (error) {
    // Nobody would know of it.
    await abortMultipart(sending, uploadId);
    throw error;
  }
  return { uploadId, held: new Map() };
}

/** The reply to Complete was never seen: the source is read once more, and only read, to know whether its object is there. */
async function readOnly(sending: Sending, first: Part): Promise<SentContent> {
  const { tally, whole } = sending;
  for await (const part of from(first, sending.parts)) {
    const ready = await part.ready;
    ready.release();
    whole.add(part.number, ready.crc64, ready.bytes);
    tally.stored(part);
  }
  const { summary } = whole;
  const object = await storedMeanwhile(sending, summary, sending.signal);
  if (!object) throw new StoreError('no-such-upload', { code: 'store-refused', serviceCode: 'NoSuchUpload' }, 404);
  await sending.onAllSent(summary);
  return verified(summary, object, tally.sentBytes);
}

async function* from(first: Part, others: AsyncIterable<Part>): AsyncGenerator<Part, void> {
  yield first;
  yield* others;
}

function byNumber(parts: readonly HeldPart[]): Held {
  return new Map(parts.map((part) => [part.partNumber, part]));
}

async function abortOrphan({ store, key, line, onAborted, onOrphaned }: Sending, uploadId: string): Promise<void> {
  // Whoever it is left to tells what comes of it.
  const left = await abortMultipart({ store, key, line, onAborted, onAbortFailed: () => undefined }, uploadId, cancelPatienceMs);
  if (left === 'left') await onOrphaned(uploadId);
}

/** An UploadId that arrives after a cancel is aborted as well: it would stay in the bucket otherwise. */
async function start(sending: Sending): Promise<string> {
  const { store, key, signal } = sending;
  return retry(() => {
    const starting = store.startMultipart(key, new AbortController().signal);
    return new Promise<string>((resolve, reject) => {
      const giveUp = (): void => {
        reject(signal.reason as Error);
        sending.onLate(starting.then((uploadId) => abortOrphan(sending, uploadId), () => undefined));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      starting.finally(() => { signal.removeEventListener('abort', giveUp); }).then(resolve, reject);
    });
  }, sending.retryOptions);
}

async function sendAll(sending: Sending, opening: Promise<Opened>, first: Part): Promise<{ summary: PartsSummary; stored: StoredPart[] }> {
  const { line, whole, tally, signal } = sending;
  const stored: StoredPart[] = [];
  const flying = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
    sending.stop.abort(error);
  };
  // Made before there is a place for them, so that none is ever waited for.
  const ahead = new Places(() => line.crew.ahead);
  const leave = line.crew.join();

  const fly = async (part: Part): Promise<void> => {
    let ready: ReadyPart | null = null;
    let isAhead = true;
    const standAhead = (stands: boolean): void => {
      if (isAhead && !stands) ahead.leave();
      if (!isAhead && stands) ahead.enter();
      isAhead = stands;
    };
    try {
      ready = await part.ready;
      whole.add(part.number, ready.crc64, ready.bytes);
      const { uploadId, held } = await opening;
      const known = held.get(part.number);
      if (known && known.size === ready.bytes && known.etag.toLowerCase() === ready.md5Hex) {
        tally.stored(part);
        stored.push({ partNumber: part.number, etag: known.etag });
        return;
      }
      stored.push(await sendPart(sending, uploadId, part, ready, standAhead));
    } finally {
      standAhead(false);
      ready?.release();
    }
  };

  try {
    for await (const part of from(first, sending.parts)) {
      ahead.enter();
      const flight = fly(part).catch(fail).finally(() => { flying.delete(flight); });
      flying.add(flight);
      await ahead.room();
      signal.throwIfAborted();
    }
  } catch (error) {
    fail(error);
  } finally {
    leave();
  }
  await Promise.all(flying);
  if (failures.length > 0) throw failures[0];
  stored.sort((a, b) => a.partNumber - b.partNumber);
  return { summary: whole.summary, stored };
}

/** `standAhead` is told that a try has found its place, and that it waits outside: no others are made for those that do. */
async function sendPart(sending: Sending, uploadId: string, part: Part, ready: ReadyPart, standAhead: (stands: boolean) => void): Promise<StoredPart> {
  const { store, key, tally, line, signal } = sending;
  const stored = await retry(() => line.slots.during({ place: store.place, signal }, (outside) => {
    standAhead(false);
    tally.sent(part, 0);
    return store.putPart(key, uploadId, part.number, ready, {
      signal,
      onSent: (bytes) => { tally.sent(part, bytes); },
      outside: async (wait) => {
        standAhead(true);
        await outside(wait);
        standAhead(false);
      },
    });
  }), sending.retryOptions);
  const expected = ready.md5Hex;
  if (stored.etag.toLowerCase() !== expected) {
    throw new FerryError({ code: 'not-verified', params: { expected, actual: stored.etag } });
  }
  tally.stored(part);
  sending.onPartStored({ ...stored, size: part.bytes });
  return stored;
}
