import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { SystemKeychain } from '../../main/credentials/keychain.ts';
import { startSandbox, type ArrivedRequest, type Sandbox } from '../../main/sandbox/sandbox.ts';
import { keychainEnvironment, sandboxEnvironment, startCli, type CliEnd, type CliRun } from '../support/cli.ts';
import { ReceivedParts } from './received-parts.ts';

const run = promisify(execFile);
const mebibyte = 1024 * 1024;
// Larger than what the system takes off a process's hands, so that a kill does cut parts off.
const partBytes = 4 * mebibyte;
const concurrency = 4;
const mostCrashes = 3;

/** When a round kills the process: at a moment in time, or as a request of this kind arrives, before or after it took effect. */
type Moment =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'request'; readonly operation: string; readonly count: number; readonly tookEffect: boolean };

/**
 * What becomes of the credential. stays: each has the same scope. rotates: each has its own, and the
 * old one lives on in the keychain. ends: that as well, but it has less than a minute left when the
 * process is back. dies: COS does not know it any more by then.
 */
export type Scopes = 'stays' | 'rotates' | 'ends' | 'dies';

export interface Round {
  readonly source: 'file' | 'folder';
  readonly scopes: Scopes;
  readonly crashes: readonly string[];
  /** Bytes in the bodies of parts beyond the object's own. */
  readonly sentTwice: number;
  /** The parts in flight at every crash, and the one being completed; all of them where it had to start over. */
  readonly allowed: number;
  /** What is wrong with the end; empty where all is right. */
  readonly faults: readonly string[];
}

/** Sends a file or a folder, kills the process up to three times on the way, resumes it to the end and looks at what arrived. */
export async function crashRound(cli: string, source: Round['source'], scopes: Scopes, random: () => number): Promise<Round> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ferry-crash-'));
  const received = new ReceivedParts();
  let arrived: (request: ArrivedRequest) => Promise<void> = async () => undefined;
  const sandbox = await startSandbox({
    directory: path.join(directory, 'sandbox'),
    rotateScopes: scopes !== 'stays',
    faults: async (request) => {
      received.see(request);
      await arrived(request);
      // So slow that a random moment is likely to be amid the parts.
      if (request.operation === 'UploadPart') await sleep(20 + random() * 20);
      return false;
    },
  });
  try {
    const bytes = Math.floor((20 + random() * 16) * mebibyte);
    const dropped = source === 'file' ? await makeFile(directory, bytes) : await makeFolder(directory, bytes);
    const common = ['--json', '--state-dir', path.join(directory, 'state'), '--concurrency', String(concurrency)];
    const first = source === 'file' ? ['--service', 'ms'] : ['--service', 'car', '--application-id', 'app-sandbox'];
    const environment = { ...sandboxEnvironment(sandbox), ...(scopes === 'stays' ? {} : keychainEnvironment()) };
    const crashes: string[] = [];
    const ends: CliEnd[] = [];
    const secrets = new Set([sandbox.accounts[0]!.secretKey]);
    const learnSecrets = (): void => { for (const secret of sandbox.issuedSecrets()) secrets.add(secret); };
    let allowed = 0;
    let mustStartOver = false;
    let started = startCli(cli, ['upload', ...common, ...first, '--part-size', String(partBytes), dropped], environment);
    // Before that nothing was promised.
    await inJournal(path.join(directory, 'state'));
    for (let crash = 0; crash < 1 + Math.floor(random() * mostCrashes); crash++) {
      const moment = someMoment(random, crash);
      const killed = await killAt(started, moment, (listener) => { arrived = listener; });
      arrived = async () => undefined;
      if (!killed) break;
      crashes.push(nameOf(moment));
      allowed += (concurrency + 1) * partBytes;
      // What was on its way is cut off, not received any further.
      while (received.inFlight > 0) await sleep(5);
      ends.push(await started.ended);
      learnSecrets();
      if (crash === 0 && !received.completing && await endCredential(scopes, cli, common, environment, sandbox)) {
        mustStartOver = received.uploadIds.size > 0;
        allowed = received.bytes;
      }
      started = startCli(cli, ['resume', ...common], environment);
    }
    ends.push(await started.ended);
    learnSecrets();
    const { status, events, stderr } = ends.at(-1)!;
    const faults = status === 0 ? [] : [`exit status ${status}: ${stderr} ${JSON.stringify(events.at(-1))}`];
    const objects = await sandbox.listObjects();
    if (objects.length !== 1) faults.push(`${objects.length} objects`);
    // One that was begun in the very moment of a crash, before its UploadId was known here, holds nothing.
    if (scopes !== 'dies' && (await sandbox.listMultipartUploads()).some((upload) => upload.parts.size > 0)) faults.push('parts were left');
    const saidSo = ends.some((end) => end.events.some(({ event, code }) => event === 'restarted' && code === 'started-over-scope'));
    if (received.uploadIds.size > (mustStartOver ? 2 : 1)) faults.push(`it started over ${received.uploadIds.size - 1} times`);
    if (mustStartOver && received.uploadIds.size > 1 && !saidSo) faults.push('it did not say that it started over');
    if (mustStartOver && received.uploadIds.size === 1 && scopes === 'dies') faults.push('it went on under a dead key');
    if (ends.some((end) => [...secrets].some((secret) => `${end.stdout}${end.stderr}`.includes(secret)))) faults.push('a secret was printed');
    const [object] = objects;
    if (object) faults.push(...await differences(sandbox.objectPath(object.bucket, object.key), dropped, source, directory));
    faults.push(...await leftInState(path.join(directory, 'state'), [...secrets]));
    return { source, scopes, crashes, sentTwice: received.bytes - (object?.size ?? 0), allowed, faults };
  } finally {
    await sandbox.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** Between two processes. False where nothing was begun that could have ended. */
async function endCredential(scopes: Scopes, cli: string, common: readonly string[], environment: Record<string, string>, sandbox: Sandbox): Promise<boolean> {
  if (scopes === 'stays' || scopes === 'rotates') return false;
  const { events } = await startCli(cli, ['list', '--json', ...common.slice(1, 3)], environment).ended;
  const [unfinished] = events;
  if (typeof unfinished?.['uploadId'] !== 'string') return false;
  if (scopes === 'dies') {
    sandbox.revokeCredentials();
    return true;
  }
  const keychain = new SystemKeychain();
  const account = `upload:${String(unfinished['id'])}`;
  const kept = await keychain.get(account);
  if (kept === null) return false;
  await keychain.set(account, JSON.stringify({ ...JSON.parse(kept) as object, startsAtMs: Date.now() - 3_600_000, expiresAtMs: Date.now() + 40_000 }));
  return true;
}

function someMoment(random: () => number, crash: number): Moment {
  const kinds = [
    () => ({ kind: 'time', ms: random() * 500 } as const),
    () => ({ kind: 'time', ms: random() * 250 } as const),
    () => ({ kind: 'request', operation: 'UploadPart', count: 1 + Math.floor(random() * (crash === 0 ? 6 : 3)), tookEffect: random() < 0.5 } as const),
    () => ({ kind: 'request', operation: 'InitiateMultipartUpload', count: 1, tookEffect: random() < 0.5 } as const),
    () => ({ kind: 'request', operation: 'CompleteMultipartUpload', count: 1, tookEffect: random() < 0.5 } as const),
    ...(crash === 0 ? [] : [() => ({ kind: 'request', operation: 'ListParts', count: 1, tookEffect: random() < 0.5 } as const)]),
  ];
  return kinds[Math.floor(random() * kinds.length)]!();
}

/** False where the upload was done before the moment came. */
async function killAt(started: CliRun, moment: Moment, listen: (listener: (request: ArrivedRequest) => Promise<void>) => void): Promise<boolean> {
  const { promise: due, resolve } = promiseWithResolver();
  let seen = 0;
  listen(async ({ operation, res }) => {
    if (moment.kind !== 'request' || operation !== moment.operation) return;
    seen += 1;
    if (seen !== moment.count) return;
    if (moment.tookEffect) res.once('finish', resolve);
    else {
      resolve();
      await started.ended;
    }
  });
  if (moment.kind === 'time') setTimeout(resolve, moment.ms);
  const done = await Promise.race([due.then(() => false), started.ended.then(() => true)]);
  if (done) return false;
  started.process.kill('SIGKILL');
  await started.ended;
  return started.process.signalCode === 'SIGKILL';
}

async function inJournal(state: string): Promise<void> {
  for (;;) {
    const names = await readdir(state, { recursive: true }).catch(() => []);
    if (names.some((name) => name.endsWith('.json'))) return;
    await sleep(2);
  }
}

function nameOf(moment: Moment): string {
  return moment.kind === 'time' ? `after ${Math.round(moment.ms)} ms` : `${moment.operation} ${moment.count} ${moment.tookEffect ? 'answered' : 'arriving'}`;
}

async function makeFile(directory: string, bytes: number): Promise<string> {
  const file = path.join(directory, 'build.apk');
  await writeFile(file, randomBytes(bytes));
  return file;
}

async function makeFolder(directory: string, bytes: number): Promise<string> {
  const folder = path.join(directory, 'Game');
  await mkdir(path.join(folder, 'data/empty'), { recursive: true });
  await writeFile(path.join(folder, 'game.exe'), randomBytes(Math.floor(bytes * 0.7)));
  await writeFile(path.join(folder, 'data/levels.pak'), randomBytes(Math.floor(bytes * 0.3)));
  for (let index = 0; index < 40; index++) await writeFile(path.join(folder, `data/${index}.txt`), `line ${index}\n`.repeat(200));
  return folder;
}

async function differences(object: string, dropped: string, source: Round['source'], directory: string): Promise<string[]> {
  if (source === 'file') return (await readFile(object)).equals(await readFile(dropped)) ? [] : ['the bytes differ'];
  const unpacked = path.join(directory, 'unpacked');
  try {
    await run('unzip', ['-tq', object]);
    await run('unzip', ['-q', object, '-d', unpacked]);
    await run('diff', ['-r', dropped, unpacked]);
    return [];
  } catch (error) {
    return [`the tree differs: ${(error as Error).message}`];
  }
}

/** Nothing unfinished may be left, and no secret at any time. */
async function leftInState(state: string, secrets: readonly string[]): Promise<string[]> {
  const names = await readdir(state, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  const telling = await Promise.all(files.map(async (file) => {
    const text = await readFile(path.join(file.parentPath, file.name), 'utf8');
    return secrets.some((secret) => text.includes(secret));
  }));
  return [
    ...files.filter((file) => file.name !== 'lock').map((file) => `${file.name} was left`),
    ...telling.filter(Boolean).map(() => 'a secret was written'),
  ];
}

function promiseWithResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => { resolve = settle; });
  return { promise, resolve };
}
