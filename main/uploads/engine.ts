import type { PackLevel, UploadsDelta } from '../../preload/contract.ts';
import { Clock } from '../clock.ts';
import { Connections } from '../connections.ts';
import { Connectivity } from '../connectivity.ts';
import type { Account } from '../credentials/account.ts';
import { ApiClient, isPassing, type ApiClientOptions } from '../credentials/api-client.ts';
import { CredentialDesk } from '../credentials/credential-desk.ts';
import { CredentialVault } from '../credentials/credential-vault.ts';
import { apiEndpoint, parseCosDomain } from '../credentials/endpoints.ts';
import type { Keychain } from '../credentials/keychain.ts';
import { Pace } from '../credentials/pace.ts';
import type { TemporaryCredential } from '../credentials/temporary-credential.ts';
import { toProblem } from '../ferry-error.ts';
import { usualPatience, type Patience } from '../patience.ts';
import type { ProxyFor } from '../proxy.ts';
import { CosStore } from '../transfer/cos-store.ts';
import type { Line } from '../transfer/line.ts';
import type { ObjectStore } from '../transfer/object-store.ts';
import { smallBodyBytes } from '../transfer/part-size.ts';
import { publicDomains } from '../transfer/store-domain.ts';
import { PartBuffers } from '../transfer/part-buffers.ts';
import { SendCrew } from '../transfer/send-crew.ts';
import { Slots, smallShare } from '../transfer/slots.ts';
import { Throttle } from '../transfer/throttle.ts';
import { BegunCredentials } from './begun-credentials.ts';
import { DropJournal } from './drop-journal.ts';
import { Drops } from './drops.ts';
import { Journal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';
import { entryOf, journaled } from './journaled-upload.ts';
import { KeptPrefixes } from './kept-prefixes.ts';
import { LateWork } from './late-work.ts';
import { LeftParts } from './left-parts.ts';
import { isSilence, Outages } from './outages.ts';
import { placeBefore } from './queue-order.ts';
import { restore, type Restored, type RestoreOptions } from './restore.ts';
import { runUpload } from './run-upload.ts';
import { saveEntry } from './save-entry.ts';
import { awaitsCredential, type Upload } from './upload.ts';
import { UploadList, type TakenOff } from './upload-list.ts';
import { UploadQueue } from './upload-queue.ts';
import { isFinished } from './upload-state.ts';
import { withLeftOut } from './with-left-out.ts';

export interface EngineOptions {
  /** Where what is unfinished is kept. */
  readonly journalDirectory: string;
  /** The SecretKey of an account, asked for whenever it is needed. */
  readonly secretKeyOf: (account: Account) => Promise<string>;
  /** Where temporary credentials outlive a restart; null for nowhere. */
  readonly keychain: Keychain | null;
  readonly localClock?: () => number;
  readonly redact: (secret: string, untilMs?: number) => void;
  readonly limits: EngineLimits;
  /** null chooses by the object's size. */
  readonly partBytes?: number | null;
  /** For packages that are begun now. Default: balanced. */
  readonly packLevel?: () => PackLevel;
  /** An upload is done, has failed or was cancelled. */
  readonly onFinished?: (upload: Upload) => void;
  /** Default: every URL is reached directly. */
  readonly proxyFor?: ProxyFor;
  readonly patience?: Partial<Patience>;
  readonly publish: (delta: UploadsDelta) => void;
  /** A credential's state, or being offline, has changed. */
  readonly onChange: () => void;
  /** Something could not be written to the journal, or read from it, or parts were left in a bucket. */
  readonly onProblem: (error: unknown) => void;
}

export interface EngineLimits {
  readonly parallelUploads: number;
  readonly partsInFlight: number;
  /** null: as fast as the line is. */
  readonly bytesPerSecond: number | null;
}

export const usualLimits: EngineLimits = { parallelUploads: 6, partsInFlight: 32, bytesPerSecond: null };

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
  /** What the journal holds goes back into the list, and parts of uploads that were cancelled are aborted. */
  restore(options: RestoreOptions): Promise<Restored>;
  save(upload: Upload): Promise<void>;
  /** Puts uploads in front of another one in the queue, or behind all. */
  move(uploads: readonly Upload[], before: Upload | null): void;
  /** Takes finished uploads, all or some, off the list and out of the journal, and what they left at COS out of the bucket. */
  clearFinished(which?: (upload: Upload) => boolean): void;
  /** The second half of that, for what was taken off the list before. */
  forget(taken: TakenOff): void;
  /** Settles when nothing is left to be aborted and everything is on disk. */
  settled(): Promise<void>;
  /** Stops everything; what is unfinished stays in the journal. */
  quit(): Promise<void>;
}

const latePatienceMs = 4_000;

/** Puts the engine together. */
export function createEngine(options: EngineOptions): Engine {
  const localNow = options.localClock ?? Date.now;
  const clock = new Clock(localNow);
  const { now } = clock;
  const connectivity = new Connectivity({ onChange: options.onChange });
  const patience = { ...usualPatience, ...options.patience };
  const connections = new Connections(options.proxyFor);
  const throttle = new Throttle();
  const crew = new SendCrew({ connections, throttle });
  const slots = new Slots(options.limits.partsInFlight);
  const line: Line = {
    clock, connectivity, throttle, patience, connections, crew, slots,
    buffers: new PartBuffers({ inFlight: () => slots.limit }),
  };
  line.throttle.limit = options.limits.bytesPerSecond;
  const journal = new Journal(options.journalDirectory);
  const dropJournal = new DropJournal(options.journalDirectory, (sourceIds) => { prefixes.forget(sourceIds); });
  const begun = new BegunCredentials(options.keychain && new CredentialVault(options.keychain, options.redact));
  // What a person reads goes by this computer's clock, whatever the cloud's says.
  const list = new UploadList({ now: localNow, publish: options.publish });

  const outages = new Outages({
    toldAfterMs: patience.outageToldMs,
    isOffline: () => connectivity.offline,
    onWaits: (upload, waits) => { queue.standAside(upload, waits); },
    onNotice: (upload) => { list.touch(upload); },
  });
  const closing = new AbortController();
  const pace = new Pace();
  const apiFor: Engine['apiFor'] = (account, change = {}) => new ApiClient({
    endpointFor: (product) => apiEndpoint(account, product),
    key: async () => ({ secretId: account.secretId, secretKey: change.secretKey ?? await options.secretKeyOf(account) }),
    pace, clock, connectivity, patience, connections,
    until: closing.signal,
    impatient: change.impatient ?? false,
    onRetry: (error) => {
      if (!isPassing(error) && !isSilence(toProblem(error))) return;
      for (const upload of list.all()) if (upload.plan.account.id === account.id && awaitsCredential(upload, now())) outages.delayed(upload, error);
    },
  } satisfies ApiClientOptions);
  const credentials = new CredentialDesk({ apiFor, now, onChange: options.onChange, redact: options.redact });

  // One store a credential keeps its connections for many uploads; a domain that was mended needs another.
  const stores = new WeakMap<TemporaryCredential, { readonly cosDomain: string | null; readonly store: ObjectStore }>();
  const storeFor = (account: Account, credential: TemporaryCredential): ObjectStore => {
    const known = stores.get(credential);
    if (known?.cosDomain === account.cosDomain) return known.store;
    const own = parseCosDomain(account.cosDomain);
    const store = new CosStore({ ...credential, line, domains: own ? [own] : publicDomains });
    stores.set(credential, { cosDomain: account.cosDomain, store });
    return store;
  };

  const saving = new Set<Promise<void>>();
  const late = new LateWork();
  const inBackground = (task: Promise<unknown>): void => {
    const tracked: Promise<void> = task.then(() => undefined, options.onProblem).finally(() => { saving.delete(tracked); });
    saving.add(tracked);
  };
  const entryFor = (upload: Upload | undefined): JournalEntry | null => {
    const source = upload && list.source(upload.sourceId);
    return source ? entryOf(upload, source) : null;
  };
  const removed = async (id: string, sourceId: string): Promise<void> => {
    // In this order: an entry of its own that outlives a crash is gone on with, whatever its drop says.
    await dropJournal.end(sourceId, id);
    // A cancel may have been taken back meanwhile: then it is the new entry that is there.
    if (!entryFor(list.upload(id))) await journal.remove(id);
  };
  const forget = (id: string, sourceId: string): Promise<void> => begun.forget(id, removed(id, sourceId));
  const save = async (upload: Upload): Promise<void> => {
    const entry = entryFor(upload);
    await (entry ? saveEntry(entry, journal, dropJournal) : forget(upload.id, upload.sourceId));
  };
  const saveOrTell = (upload: Upload): void => { inBackground(save(upload)); };
  const prefixes = new KeptPrefixes({ list, credentials, begun, drops: dropJournal, now, onProblem: options.onProblem });
  const leftParts = new LeftParts({
    credentials, begun, storeFor, line, now,
    signal: closing.signal,
    forget, save,
    write: (entry) => journal.write(entry),
    isListed: ({ id }) => list.upload(id) !== undefined,
    onPartsLeft: (upload) => { list.touch(upload); },
    onProblem: options.onProblem,
  });
  const queue = new UploadQueue({
    list,
    now: localNow,
    parallel: options.limits.parallelUploads,
    shareOf: ({ plan }) => !plan.packed && plan.sizeHint !== null && plan.sizeHint <= smallBodyBytes ? smallShare : 1,
    onSettled: (upload) => {
      saveOrTell(upload);
      if (isFinished(upload.state)) options.onFinished?.(upload);
      // Where it has just been refused, the next start is soon enough.
      if (upload.state.phase === 'cancelled' && upload.state.leftBehind === null) leftParts.discard(upload);
    },
    run: async (run) => {
      // Its row may be gone by the time that something of it has to be cleared away.
      const sourceAtStart = list.source(run.upload.sourceId);
      await leftParts.discarded(run.upload, run.signal);
      await prefixes.recall(run.upload, run.signal);
      await runUpload(run, {
        credentials, storeFor, line, journal, begun, outages, save, now, localNow,
        partBytes: options.partBytes ?? null,
        packLevel: options.packLevel ?? (() => 'balanced'),
        leaveTo: async (upload, multipart, able) => { if (sourceAtStart) await leftParts.takeOver(upload, journaled(upload, sourceAtStart, multipart), able); },
        onLeftOut: ({ upload }, leftOut) => {
          const source = list.source(upload.sourceId);
          if (source && upload.plan.packed) list.setSource(withLeftOut(source, leftOut));
        },
        onLate: late.add,
        onCredential: ({ upload }, credential) => { prefixes.keep(upload, credential); },
        onNotice: (upload) => { list.touch(upload); },
      }).finally(() => { outages.passed(run.upload); });
    },
  });
  let lastOrder = 0;
  const drops = new Drops({
    list,
    journal: dropJournal,
    isKnown: (id) => list.upload(id) !== undefined || journal.has(id),
    now: localNow,
    nextOrder: () => { lastOrder += 1; return lastOrder; },
    signal: closing.signal,
    enqueue: (upload) => { queue.add(upload); },
    onProblem: options.onProblem,
  });

  // In this order: what comes late and cannot be aborted is left to the others.
  const cleanedUp = async (): Promise<void> => {
    await late.settled(latePatienceMs);
    await leftParts.settled();
  };
  const onDisk = async (): Promise<void> => {
    await Promise.all(saving);
    await Promise.all([journal.settled(), dropJournal.settled(), begun.settled()]);
  };

  return {
    list, queue, drops, credentials, connectivity, clock, apiFor, save,
    setLimits(limits) {
      queue.parallel = limits.parallelUploads;
      line.slots.most = limits.partsInFlight;
      line.throttle.limit = limits.bytesPerSecond;
    },
    restore: (asked) => restore(asked, {
      journal, dropJournal, list, queue, drops, leftParts, begun,
      signal: closing.signal,
      onOrder: (order) => { lastOrder = Math.max(lastOrder, order); },
      onProblem: options.onProblem,
    }),
    move(uploads, before) {
      for (const upload of placeBefore(uploads, before, list.all())) {
        lastOrder = Math.max(lastOrder, upload.order);
        list.touch(upload);
        saveOrTell(upload);
      }
      queue.reorder();
    },
    clearFinished(which = () => true) {
      this.forget(list.takeOff(which));
    },
    forget({ uploads, sources, sourceIds }) {
      for (const upload of uploads) {
        const source = upload.multipart ? sources.get(upload.sourceId) : undefined;
        const entry = source && entryOf(upload, source);
        if (!entry) {
          inBackground(forget(upload.id, upload.sourceId));
          continue;
        }
        const cancelled: JournalEntry = { ...entry, intent: 'cancelled', failure: null };
        inBackground(journal.write(cancelled));
        leftParts.discardEntry(cancelled, upload.plan.account);
      }
      for (const id of sourceIds) inBackground(dropJournal.end(id));
    },
    async settled() {
      await cleanedUp();
      await onDisk();
    },
    async quit() {
      closing.abort();
      prefixes.close();
      await queue.quit();
      await cleanedUp();
      await onDisk();
      connections.close();
      await crew.close();
    },
  };
}
