import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AccountDraft, Destination, Problem, UploadsDelta, UploadView } from '../../preload/contract.ts';
import { FerryError } from '../../main/ferry-error.ts';
import type { Keychain } from '../../main/credentials/keychain.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../main/sandbox/sandbox.ts';
import { SettingsStore } from '../../main/settings/settings-store.ts';
import { createFerry, type FerryOptions } from '../../main/uploads/create-ferry.ts';
import type { Ferry, FerryEvents } from '../../main/uploads/ferry.ts';

/** A keychain in memory that can be locked; the real one is tested by itself and in the real app. */
export class MemoryKeychain implements Keychain {
  readonly keys = new Map<string, string>();
  locked = false;

  async get(account: string): Promise<string | null> {
    this.#refuseWhileLocked();
    return this.keys.get(account) ?? null;
  }

  async set(account: string, secretKey: string): Promise<void> {
    this.#refuseWhileLocked();
    this.keys.set(account, secretKey);
  }

  async delete(account: string): Promise<void> {
    this.#refuseWhileLocked();
    this.keys.delete(account);
  }

  #refuseWhileLocked(): void {
    if (this.locked) throw new FerryError({ code: 'keychain-locked' });
  }
}

/** The engine with its sandbox and a folder of its own, as the app puts it together but without a window. */
export interface Engine {
  readonly ferry: Ferry;
  readonly sandbox: Sandbox;
  readonly keychain: MemoryKeychain;
  readonly directory: string;
  readonly problems: Problem[];
  /** All deltas so far, in order. */
  readonly deltas: UploadsDelta[];
  drop(paths: readonly string[], destination?: Partial<Destination>): Promise<void>;
  /** The uploads once every one of at least `count` is finished. */
  finished(count?: number): Promise<readonly UploadView[]>;
  /** Waits until the uploads are as asked. */
  until(condition: (uploads: UploadsDelta) => boolean): Promise<UploadsDelta>;
  close(): Promise<void>;
}

export interface EngineOptions extends Partial<Pick<FerryOptions, 'now' | 'apiEndpoint' | 'cosDomain' | 'keychain' | 'undoRemovalMs'>> {
  readonly sandbox?: Partial<SandboxOptions>;
  readonly directory?: string;
  /** Drops wait for their start, as they do for a person; else they start at once. */
  readonly asks?: boolean;
}

const finishedPhases = new Set(['done', 'failed', 'cancelled']);

export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
  const directory = options.directory ?? await mkdtemp(path.join(tmpdir(), 'ferry-engine-'));
  const sandbox = await startSandbox({ directory: path.join(directory, 'sandbox'), ...options.sandbox });
  const keychain = new MemoryKeychain();
  const problems: Problem[] = [];
  const deltas: UploadsDelta[] = [];
  const settings = await SettingsStore.open(path.join(directory, 'settings.json'), (error) => { problems.push(error.problem); });
  await settings.update({ options: { ...settings.value.options, startsAtOnce: options.asks !== true } });
  const ferry = createFerry({
    version: '0.0.0',
    settings,
    keychain,
    journalDirectory: path.join(directory, 'journal'),
    historyFile: path.join(directory, 'history.jsonl'),
    sandbox,
    systemLanguage: () => 'en',
    redact: () => undefined,
    ...(options.now ? { now: options.now } : {}),
    // Long enough for a test that undoes a removal, and as long as the others wait for what is forgotten.
    undoRemovalMs: options.undoRemovalMs ?? 300,
    ...(options.keychain ? { keychain: options.keychain } : {}),
    apiEndpoint: options.apiEndpoint ?? null,
    cosDomain: options.cosDomain ?? null,
  });
  ferry.subscribe('problem', (problem) => { problems.push(problem); });
  ferry.subscribe('uploads', (delta) => { deltas.push(delta); });

  const until = async (condition: (uploads: UploadsDelta) => boolean): Promise<UploadsDelta> => {
    for (;;) {
      const uploads = ferry.uploads();
      if (condition(uploads)) return uploads;
      await new Promise((resolve) => { setTimeout(resolve, 10); });
    }
  };

  return {
    ferry, sandbox, keychain, directory, problems, deltas, until,
    async drop(paths, destination) {
      if (destination) await ferry.setDestination({ ...ferry.appState().destination, ...destination });
      ferry.drop(paths);
    },
    async finished(count = 1) {
      const { uploads } = await until((list) => list.uploads.length >= count
        && list.sources.every((source) => source.phase !== 'reading')
        && list.uploads.every((upload) => finishedPhases.has(upload.phase)));
      return uploads;
    },
    async close() {
      await ferry.close();
      if (!options.directory) await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A draft for the sandbox's own key, as a person would fill the form in. */
export function sandboxDraft(sandbox: Sandbox, change: Partial<AccountDraft> = {}): AccountDraft {
  return {
    label: 'Studio',
    site: 'china',
    secretId: sandbox.accounts[0]!.secretId,
    secretKey: sandbox.accounts[0]!.secretKey,
    apiEndpoint: sandbox.url,
    cosDomain: sandbox.url,
    sessionOnly: false,
    ...change,
  };
}

export function nextEvent<E extends keyof FerryEvents>(ferry: Ferry, event: E): Promise<FerryEvents[E]> {
  return new Promise((resolve) => {
    const unsubscribe = ferry.subscribe(event, (payload) => {
      unsubscribe();
      resolve(payload);
    });
  });
}
