import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Destination, UploadsDelta, UploadView } from '../../preload/contract.ts';
import type { Account } from '../../main/credentials/account.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../main/sandbox/sandbox.ts';
import { createEngine, usualLimits, type Engine, type EngineOptions } from '../../main/uploads/engine.ts';
import { MemoryKeychain } from './engine.ts';
import { Faults } from './faults.ts';
import { shortPatience } from './memory-line.ts';

export const mebibyte = 1024 * 1024;

/** The engine with a sandbox that can fail, parts of one MiB, and less patience than in life. */
export interface FaultyEngine {
  readonly engine: Engine;
  readonly sandbox: Sandbox;
  readonly faults: Faults;
  readonly account: Account;
  /** `as`: another account than its own. */
  drop(paths: readonly string[], destination?: Partial<Destination>, as?: Account): Promise<void>;
  uploads(): readonly UploadView[];
  until(condition: (uploads: UploadsDelta) => boolean): Promise<readonly UploadView[]>;
  /** The uploads once every one of at least `count` is finished. */
  finished(count?: number): Promise<readonly UploadView[]>;
  /** The bytes of a finished upload's object. */
  stored(upload: UploadView | undefined): Promise<Buffer>;
  /** How many requests of this operation came, of one status where it is given. */
  count(operation: string, status?: number): number;
  close(): Promise<void>;
}

export interface FaultyEngineOptions extends Partial<Pick<EngineOptions, 'patience' | 'limits' | 'localClock' | 'proxyFor' | 'partBytes'>> {
  readonly sandbox?: Partial<SandboxOptions>;
  /** Where the account reaches the sandbox; default its own URL. */
  readonly via?: (sandbox: Sandbox) => Promise<string>;
}

const finishedPhases = new Set(['done', 'failed', 'cancelled']);

export async function startFaultyEngine(options: FaultyEngineOptions = {}): Promise<FaultyEngine> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ferry-faults-'));
  const faults = new Faults();
  const sandbox = await startSandbox({ directory: path.join(directory, 'sandbox'), faults: faults.hook, ...options.sandbox });
  const url = await options.via?.(sandbox) ?? sandbox.url;
  const account: Account = { id: 'account', label: 'Studio', site: 'china', secretId: sandbox.accounts[0]!.secretId, apiEndpoint: url, cosDomain: url };
  const engine = createEngine({
    journalDirectory: path.join(directory, 'journal'),
    secretKeyOf: async () => sandbox.accounts[0]!.secretKey,
    keychain: new MemoryKeychain(),
    redact: () => undefined,
    limits: options.limits ?? usualLimits,
    partBytes: options.partBytes ?? mebibyte,
    patience: { ...shortPatience, ...options.patience },
    ...(options.localClock ? { localClock: options.localClock } : {}),
    ...(options.proxyFor ? { proxyFor: options.proxyFor } : {}),
    publish: () => undefined,
    onChange: () => undefined,
    onProblem: () => undefined,
  });
  const until: FaultyEngine['until'] = async (condition) => {
    for (;;) {
      const whole = engine.list.whole();
      if (condition(whole)) return whole.uploads;
      await new Promise((resolve) => { setTimeout(resolve, 10); });
    }
  };
  return {
    engine, sandbox, faults, account, until,
    async drop(paths, destination = {}, as = account) {
      await engine.drops.take(paths, {
        account: as,
        destination: { service: 'ms', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null, ...destination },
      });
    },
    uploads: () => engine.list.whole().uploads,
    finished: (count = 1) => until(({ uploads, sources }) => uploads.length >= count
      && sources.every((source) => source.phase !== 'reading')
      && uploads.every((upload) => finishedPhases.has(upload.phase))),
    stored: (upload) => readFile(sandbox.objectPath(upload!.object!.bucket, upload!.object!.key)),
    count: (operation, status) => sandbox.requests().filter((request) => request.operation === operation && (status === undefined || request.status === status)).length,
    async close() {
      await engine.quit();
      await sandbox.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
