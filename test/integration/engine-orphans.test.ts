import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { usualLimits } from '../../main/uploads/engine.ts';
import type { Upload } from '../../main/uploads/upload.ts';
import { eventually } from '../support/eventually.ts';
import { hang, reset, status, type Fault } from '../support/faults.ts';
import { mebibyte, startFaultyEngine, type FaultyEngine } from '../support/faulty-engine.ts';

let ferry: FaultyEngine;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ferry-orphans-source-'));
  ferry = await startFaultyEngine();
});

afterEach(async () => {
  await ferry.close();
  await rm(folder, { recursive: true, force: true });
});

/** An upload whose UploadId is under way, and stays so until it is let through. */
async function begins(): Promise<{ readonly upload: Upload; readonly letThrough: () => void }> {
  const file = path.join(folder, 'build.bin');
  await writeFile(file, randomBytes(5 * mebibyte));
  let letThrough = (): void => undefined;
  const held = new Promise<false>((resolve) => { letThrough = () => { resolve(false); }; });
  let asked = false;
  ferry.faults.next('InitiateMultipartUpload', () => {
    asked = true;
    return held;
  });
  await ferry.drop([file]);
  await eventually(() => asked);
  return { upload: [...ferry.engine.list.all()][0]!, letThrough };
}

/** The same, stopped meanwhile. */
async function stopped(how: 'cancel' | 'pause'): ReturnType<typeof begins> {
  const begun = await begins();
  await stop(begun.upload, how);
  return begun;
}

async function stop(upload: Upload, how: 'cancel' | 'pause'): Promise<void> {
  ferry.engine.queue[how](upload);
  await eventually(() => upload.state.phase === (how === 'cancel' ? 'cancelled' : 'paused'));
}

const leftBehindIsTold = () => ferry.until(({ uploads }) => uploads[0]!.leftBehind !== null);

/** How often an Abort was asked for, answered or not. */
function abortsMeet(fault: Fault): () => number {
  let count = 0;
  ferry.faults.next('AbortMultipartUpload', (request) => {
    count += 1;
    return fault(request);
  }, Infinity);
  return () => count;
}

describe('an UploadId that arrives when nobody wants it any more', () => {
  test('is aborted before the connections are closed, where the app is quitting', async () => {
    const { letThrough } = await begins();
    const quit = ferry.engine.quit();
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    letThrough();
    await quit;
    await eventually(() => ferry.count('InitiateMultipartUpload') === 1);
    expect(await ferry.sandbox.listMultipartUploads()).toEqual([]);
  });

  test.each([
    ['nobody answers', reset],
    ['whoever is asked keeps silent', hang],
  ])('is aborted as soon as somebody answers, where at first %s, even if its row is gone', async (_what, fault) => {
    const aborts = abortsMeet(fault);
    const { letThrough } = await stopped('cancel');
    ferry.engine.clearFinished();
    letThrough();
    await eventually(() => aborts() > 0);
    // Longer than a cancel waits for it.
    await new Promise((resolve) => { setTimeout(resolve, 1_500); });
    expect(await ferry.sandbox.listMultipartUploads()).toHaveLength(1);
    ferry.faults.clear();
    await ferry.engine.settled();
    expect(await ferry.sandbox.listMultipartUploads()).toEqual([]);
  });

  test('and that COS will not abort, is told of in its row', async () => {
    abortsMeet(status(403, 'AccessDenied'));
    const { letThrough } = await stopped('cancel');
    letThrough();
    await leftBehindIsTold();
    expect(ferry.uploads()).toMatchObject([{ phase: 'cancelled', leftBehind: { code: 'abort-failed', serviceCode: 'AccessDenied' } }]);
  });

  test('and that COS will not abort, is still told of when its upload is retried and has another', async () => {
    abortsMeet(status(403, 'AccessDenied'));
    const { upload, letThrough } = await stopped('cancel');
    letThrough();
    await leftBehindIsTold();
    // Slow enough to be met on its way.
    ferry.engine.setLimits({ ...usualLimits, bytesPerSecond: mebibyte });
    ferry.engine.queue.retry(upload);
    await eventually(() => upload.multipart !== null);
    await stop(upload, 'pause');
    ferry.engine.setLimits(usualLimits);
    ferry.engine.queue.resume(upload);
    expect(await ferry.finished()).toMatchObject([{ phase: 'done', leftBehind: { serviceCode: 'AccessDenied' } }]);
  });

  test('after a pause, and that COS will not abort, is told of in the row that goes on', async () => {
    abortsMeet(status(403, 'AccessDenied'));
    const { upload, letThrough } = await stopped('pause');
    letThrough();
    await leftBehindIsTold();
    ferry.engine.queue.resume(upload);
    expect(await ferry.finished()).toMatchObject([{ phase: 'done', leftBehind: { code: 'parts-left', serviceCode: 'AccessDenied' } }]);
  });
});
