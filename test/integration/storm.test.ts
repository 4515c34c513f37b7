import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SandboxFaults } from '../../main/sandbox/sandbox.ts';
import { usualLimits } from '../../main/uploads/engine.ts';
import { apiRefusal, cutReply, cutRequest, errorInside200, halfBody, hang, internalError, lostReply, randomFrom, reset, slow, slowDown, storm, type Fault } from '../support/faults.ts';
import { mebibyte, startFaultyEngine, type FaultyEngine } from '../support/faulty-engine.ts';
import { hangPatience } from '../support/memory-line.ts';
import { ReceivedParts } from '../crash/received-parts.ts';

const smallFiles = 300;
const share = 1 / 5;
const seed = Number(process.env['STORM_SEED'] ?? 20_260_731);

let folder: string;
let ferry: FaultyEngine | undefined;

beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'ferry-storm-')); });

afterEach(async () => {
  await ferry?.close();
  await rm(folder, { recursive: true, force: true });
});

const onlyFor = (operation: string, fault: Fault, otherwise: Fault): Fault => (request) => (request.operation === operation ? fault : otherwise)(request);
const isPart = (operation: string): boolean => operation === 'UploadPart' || operation === 'PutObject';
const isApi = (operation: string): boolean => operation === 'CreateCosSecKeyInstance';
const forEither = (api: Fault, cos: Fault): Fault => (request) => (isApi(request.operation) ? api : cos)(request);

// Where scopes rotate, what does not fit into one key's life can never arrive.
test.each([
  ['with scopes that stay', false, 200 * mebibyte],
  ['each with a scope of its own', true, 20 * mebibyte],
])('a folder and a large file arrive whole through a storm, under keys that live five seconds, %s', async (_what, rotateScopes, largeBytes) => {
  const random = randomFrom(seed);
  const digests = new Map<string, string>();
  const add = async (name: string, bytes: Buffer): Promise<void> => {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), bytes);
    digests.set(name, createHash('sha256').update(bytes).digest('hex'));
  };
  for (let number = 0; number < smallFiles; number++) await add(`build/${number % 7}/file-${number}.bin`, randomBytes(Math.floor(random() * 30_000)));
  await add('world.pak', randomBytes(largeBytes));

  const weather = storm(seed, share, [
    reset, hang, slow(150), lostReply, cutReply(60),
    cutRequest(5_000),
    forEither(apiRefusal('InternalError'), internalError),
    forEither(apiRefusal('RequestLimitExceeded'), slowDown),
    onlyFor('CompleteMultipartUpload', errorInside200, lostReply),
    onlyFor('CompleteMultipartUpload', halfBody, reset),
  ]);
  const received = new ReceivedParts();
  let faultyParts = 0;
  const hook: SandboxFaults = (request) => {
    received.see(request);
    const before = weather.met();
    const dealtWith = weather.hook(request);
    if (weather.met() > before && isPart(request.operation)) faultyParts += 1;
    return dealtWith;
  };
  // Slow enough to outlive several keys.
  ferry = await startFaultyEngine({
    limits: { ...usualLimits, bytesPerSecond: (rotateScopes ? 5 : 14) * mebibyte },
    patience: hangPatience,
    sandbox: { faults: hook, rotateScopes, credentialLifeSeconds: 5 },
  });
  await ferry.drop([path.join(folder, 'world.pak'), path.join(folder, 'build')]);
  const uploads = await ferry.finished(smallFiles + 1);

  expect(uploads.filter(({ phase }) => phase !== 'done').map(({ name, problem }) => ({ name, problem }))).toEqual([]);
  expect(uploads).toHaveLength(smallFiles + 1);
  for (const upload of uploads) {
    const stored = await readFile(ferry.sandbox.objectPath(upload.object!.bucket, upload.object!.key));
    expect(createHash('sha256').update(stored).digest('hex')).toBe(digests.get(upload.name));
  }
  expect((await ferry.sandbox.listObjects()).map(({ key }) => key).filter((key) => ![...digests.keys()].some((name) => key.endsWith(`/${name}`)))).toEqual([]);

  const requests = ferry.sandbox.requests();
  // Twice goes what met a fault, what came under a dead key, and for each time an upload started over all it had sent.
  const refusedParts = requests.filter(({ operation, status }) => isPart(operation) && status >= 400).length;
  const restarted = [...ferry.engine.list.all()].map(({ history, plan }) => history.filter(({ what }) => what === 'started-over').length * (plan.sizeHint ?? 0));
  const sizes = uploads.reduce((total, upload) => total + upload.object!.size, 0);
  expect(received.bytes - sizes).toBeLessThanOrEqual((faultyParts + refusedParts) * mebibyte + restarted.reduce((total, bytes) => total + bytes, 0));
  // Parts stay only where the row says so.
  await ferry.engine.settled();
  const saying = ferry.uploads().filter(({ leftBehind }) => leftBehind !== null).length;
  expect((await ferry.sandbox.listMultipartUploads()).filter(({ parts }) => parts.size > 0).length).toBeLessThanOrEqual(rotateScopes ? saying : 0);
  const calls = requests.filter(({ operation }) => isApi(operation)).map(({ atMs }) => atMs).sort((a, b) => a - b);
  expect(Math.max(...calls.map((atMs, index) => calls.slice(index).filter((other) => other - atMs < 1000).length))).toBeLessThanOrEqual(20);
  // The storm was one: keys were renewed, and a fifth of all requests met a fault.
  expect(calls.length).toBeGreaterThan(2);
  expect(weather.met() / requests.length).toBeGreaterThan(0.15);
}, 180_000);
