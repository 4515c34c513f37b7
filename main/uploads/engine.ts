import type { UploadsDelta } from '../../preload/contract.ts';
import { Clock } from '../clock.ts';
import { Connectivity } from '../connectivity.ts';
import type { Account } from '../credentials/account.ts';
import { ApiClient, Pace, type ApiClientOptions } from '../credentials/api-client.ts';
import { CredentialDesk } from '../credentials/credential-desk.ts';
import { CredentialVault } from '../credentials/credential-vault.ts';
import { apiEndpoint, parseCosDomain } from '../credentials/endpoints.ts';
import type { Keychain } from '../credentials/keychain.ts';
import type { TemporaryCredential } from '../credentials/temporary-credential.ts';
import { CosStore } from '../transfer/cos-store.ts';
import type { Line } from '../transfer/line.ts';
import type { ObjectStore } from '../transfer/object-store.ts';
import { Slots } from '../transfer/slots.ts';
import { Throttle } from '../transfer/throttle.ts';
import { Drops, laneOf, withLeftOut } from './drops.ts';
import { Journal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';
import { runUpload } from './run-upload.ts';
import { waiting } from './upload-state.ts';
import { newUpload, type Upload } from './upload.ts';
import { UploadList } from './upload-list.ts';
import { UploadQueue } from './upload-queue.ts';

export interface EngineOptions {
  /** Where what is unfinished is kept. */
  readonly journalDirectory: string;
  /** The SecretKey of an account, asked for whenever it is needed. */
  readonly secretKeyOf: (account: Account) => Promise<string>;
  /** Where temporary credentials outlive a restart; null for nowhere. */
  readonly keychain: Keychain | null;
  readonly localClock?: () => number;
  readonly redact: (secret: string) => void;
  readonly limits: EngineLimits;
  /** null chooses by the object's size. */
  readonly partBytes?: number | null;
  readonly publish: (delta: UploadsDelta) => void;
  /** A credential's state, or being offline, has changed. */
  readonly onChange: () => void;
  /** Something could not be written to the journal, or read from it. */
  readonly onProblem: (error: unknown) => void;
}

export interface EngineLimits {
  readonly parallelUploads: number;
  readonly partsInFlight: number;
  /** null: as fast as the line is. */
  readonly bytesPerSecond: number | null;
}

export const usualLimits: EngineLimits = { parallelUploads: 6, partsInFlight: 16, bytesPerSecond: null };

/** Uploads with all they need and no desktop: what the app and the command line are both built on. */
export interface Engine {
  readonly list: UploadList;
  readonly queue: UploadQueue;
  readonly drops: Drops;
  readonly credentials: CredentialDesk;
  readonly connectivity: Connectivity;
  readonly clock: Clock;
  /** A client for one account; `secretKey` where it is not the kept one. */
  apiFor(account: Account, change?: { readonly secretKey?: string; readonly impatient?: boolean }): ApiClient;
  setLimits(limits: EngineLimits): void;
  /** What the journal holds goes back into the list. `accountOf` finds its account, null where it is gone. */
  restore(accountOf: (entry: JournalEntry) => Account | null, start: boolean): Promise<readonly Upload[]>;
  save(upload: Upload): Promise<void>;
  /** Puts uploads in front of another one in the queue, or behind all. */
  move(uploads: readonly Upload[], before: Upload | null): void;
  /** Takes finished uploads off the list and out of the journal. */
  clearFinished(): void;
  /** Stops everything; what is unfinished stays in the journal. */
  quit(): Promise<void>;
}

/** Puts the engine together. */
export function createEngine(options: EngineOptions): Engine {
  const clock = new Clock(options.localClock);
  const { now } = clock;
  const connectivity = new Connectivity({ onChange: options.onChange });
  const line: Line = { clock, connectivity, slots: new Slots(options.limits.partsInFlight), throttle: new Throttle() };
  line.throttle.limit = options.limits.bytesPerSecond;
  const journal = new Journal(options.journalDirectory);
  const vault = options.keychain && new CredentialVault(options.keychain, options.redact);
  const list = new UploadList({ now, publish: options.publish });

  const pace = new Pace();
  const apiFor: Engine['apiFor'] = (account, change = {}) => new ApiClient({
    endpointFor: (product) => apiEndpoint(account, product),
    key: async () => ({ secretId: account.secretId, secretKey: change.secretKey ?? await options.secretKeyOf(account) }),
    pace, clock, connectivity,
    impatient: change.impatient ?? false,
  } satisfies ApiClientOptions);
  const credentials = new CredentialDesk({ apiFor, now, onChange: options.onChange, redact: options.redact });

  const stores = new WeakMap<TemporaryCredential, ObjectStore>();
  const storeFor = (account: Account, credential: TemporaryCredential): ObjectStore => {
    const known = stores.get(credential);
    if (known) return known;
    const store = new CosStore({ ...credential, line, domain: parseCosDomain(account.cosDomain) });
    stores.set(credential, store);
    return store;
  };

  // Asking the keychain for nothing could still prompt, so only those that may have something there are remembered.
  const begun = new WeakSet<Upload>();
  const save = async (upload: Upload): Promise<void> => {
    const entry = entryOf(upload, list);
    if (entry) {
      if (entry.multipart) begun.add(upload);
      await journal.write(entry);
      return;
    }
    await journal.remove(upload.id);
    if (begun.delete(upload)) await vault?.forget(upload.id);
  };
  const saveOrTell = (upload: Upload): void => { save(upload).catch(options.onProblem); };
  const queue = new UploadQueue({
    list, now,
    parallel: options.limits.parallelUploads,
    onSettled: saveOrTell,
    run: (run) => runUpload(run, {
      credentials, storeFor, line, journal, vault, save, now,
      partBytes: options.partBytes ?? null,
      onContent: ({ upload }, content) => {
        const source = list.source(upload.sourceId);
        if (source && upload.plan.packed) list.setSource(withLeftOut(source, content.leftOut));
      },
      onNotice: (upload) => { list.touch(upload); },
    }),
  });
  const closing = new AbortController();
  let lastOrder = 0;
  const drops = new Drops({
    list, now,
    nextOrder: () => { lastOrder += 1; return lastOrder; },
    signal: closing.signal,
    enqueue: (upload) => {
      saveOrTell(upload);
      queue.add(upload);
    },
  });

  return {
    list, queue, drops, credentials, connectivity, clock, apiFor, save,
    setLimits(limits) {
      queue.parallel = limits.parallelUploads;
      line.slots.most = limits.partsInFlight;
      line.throttle.limit = limits.bytesPerSecond;
    },
    async restore(accountOf, start) {
      const entries = await journal.readAll(options.onProblem);
      return entries.flatMap((entry) => {
        const account = accountOf(entry);
        if (!account) return [];
        const upload = restored(entry, account, start);
        lastOrder = Math.max(lastOrder, upload.order);
        if (!list.source(entry.source.id)) list.setSource(sourceOf(entry));
        list.add(upload);
        if (upload.state.phase === 'waiting') queue.add(upload);
        return [upload];
      });
    },
    move(uploads, before) {
      const moved = new Set(uploads);
      const others = [...list.all()].filter((upload) => !moved.has(upload)).sort((a, b) => a.order - b.order);
      const at = before && !moved.has(before) ? others.indexOf(before) : others.length;
      // Between its new neighbours, so that nobody else's entry has to be written.
      const after = others[at - 1]?.order ?? (others[at]?.order ?? 0) - uploads.length - 1;
      const until = others[at]?.order ?? after + uploads.length + 1;
      uploads.forEach((upload, index) => {
        upload.order = after + ((until - after) * (index + 1)) / (uploads.length + 1);
        lastOrder = Math.max(lastOrder, upload.order);
        list.touch(upload);
        saveOrTell(upload);
      });
      queue.reorder();
    },
    clearFinished() {
      for (const upload of list.clearFinished()) journal.remove(upload.id).catch(options.onProblem);
    },
    async quit() {
      closing.abort();
      await queue.quit();
      await journal.settled();
    },
  };
}

/** What is kept of an upload; null once nothing of it is left to do. */
function entryOf(upload: Upload, list: UploadList): JournalEntry | null {
  const { phase } = upload.state;
  if (phase === 'done' || (phase === 'cancelled' && !upload.multipart)) return null;
  const source = list.source(upload.sourceId);
  if (!source) return null;
  const { account, destination, name, paths, packed, sizeHint } = upload.plan;
  return {
    version: 1,
    id: upload.id,
    order: upload.order,
    source: { id: source.id, name: source.name, kind: source.kind, accountLabel: source.accountLabel, addedAtMs: source.addedAtMs },
    accountId: account.id,
    destination: { ...destination },
    name,
    paths: [...paths],
    packed,
    sizeHint,
    intent: phase === 'cancelled' || phase === 'cancelling' ? 'cancelled' : phase === 'paused' || phase === 'pausing' || phase === 'failed' ? 'paused' : 'running',
    multipart: upload.multipart,
  };
}

function restored(entry: JournalEntry, account: Account, start: boolean): Upload {
  const { destination, name, paths, packed, sizeHint } = entry;
  const lane = laneOf({ account, destination }, name);
  const state = entry.intent === 'running' && start ? waiting : { phase: 'paused', progress: null } as const;
  const upload = newUpload(entry.id, entry.source.id, entry.order, { account, destination, name, paths, packed, sizeHint, lane }, state);
  upload.multipart = entry.multipart;
  return upload;
}

function sourceOf(entry: JournalEntry) {
  return { ...entry.source, service: entry.destination.service, phase: 'ready', problem: null, leftOut: [], leftOutCount: 0 } as const;
}
