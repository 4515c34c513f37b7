import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import type { ProblemCode } from '../../preload/problem-codes.ts';
import type { AppState, Destination, Events, Language, PendingDrop } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { ApiClient, Pace } from '../credentials/api-client.ts';
import { checkKey } from '../credentials/check-key.ts';
import { CredentialDesk } from '../credentials/credential-desk.ts';
import { apiEndpoint, parseCosDomain } from '../credentials/endpoints.ts';
import type { Keychain } from '../credentials/keychain.ts';
import { SecretKeys } from '../credentials/secret-keys.ts';
import { credentialView, type TemporaryCredential } from '../credentials/temporary-credential.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { sandboxAccountId } from '../settings/settings.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { CosStore } from '../transfer/cos-store.ts';
import type { ObjectStore } from '../transfer/object-store.ts';
import { Slots } from '../transfer/slots.ts';
import { Accounts, parseDestination } from './accounts.ts';
import { Drops, laneOf, withLeftOut } from './drops.ts';
import type { Ferry } from './ferry.ts';
import { runUpload } from './run-upload.ts';
import type { UploadPlan } from './upload.ts';
import { UploadList } from './upload-list.ts';
import { UploadQueue } from './upload-queue.ts';

export interface FerryOptions {
  readonly version: string;
  readonly settings: SettingsStore;
  readonly keychain: Keychain;
  readonly sandbox: Sandbox;
  readonly systemLanguage: () => Language;
  readonly now?: () => number;
  /** Told every secret, so that no log can ever hold one. */
  readonly redact: (secret: string) => void;
  /** COS_FERRY_API_ENDPOINT and COS_FERRY_COS_DOMAIN: for accounts that set none of their own. */
  readonly apiEndpoint?: string | null;
  readonly cosDomain?: string | null;
}

const parallelUploads = 6;
const partsInFlight = 16;
const closePatienceMs = 5_000;

/** Puts the engine together. Closing it stops all uploads. */
export function createFerry(options: FerryOptions): Ferry {
  const { settings, sandbox } = options;
  const now = options.now ?? Date.now;
  const listeners: { [E in keyof Events]: Set<(payload: Events[E]) => void> } = { app: new Set(), uploads: new Set(), problem: new Set() };
  const emit = <E extends keyof Events>(event: E, payload: Events[E]): void => {
    for (const listener of listeners[event]) listener(payload);
  };
  let pendingDrop: (PendingDrop & { readonly paths: readonly string[]; readonly account: Account }) | null = null;

  const answering = new WeakSet<object>();

  const keys = new SecretKeys(options.keychain, options.redact);
  const sandboxAccount = accountOf(sandbox);
  void keys.keep(sandboxAccountId, sandbox.accounts[0]?.secretKey ?? '', true);
  const withOverrides = (account: Account): Account => account.id === sandboxAccountId ? account : {
    ...account,
    apiEndpoint: account.apiEndpoint ?? options.apiEndpoint ?? null,
    cosDomain: account.cosDomain ?? options.cosDomain ?? null,
  };

  const pace = new Pace();
  const apiFor = (account: Account, secretKey?: string, attempts?: number): ApiClient => new ApiClient({
    endpointFor: (product) => apiEndpoint(withOverrides(account), product),
    key: async () => ({ secretId: account.secretId, secretKey: secretKey ?? await keys.get(account) }),
    pace,
    now,
    ...(attempts === undefined ? {} : { attempts }),
  });
  const accounts = new Accounts({
    settings,
    keys,
    sandbox: sandboxAccount,
    // A person waits for this answer, so it is not tried for long.
    check: (account, secretKey) => checkKey(apiFor(account, secretKey, 2), account.site),
  });
  const credentials = new CredentialDesk({ apiFor: (account) => apiFor(account), now, onChange: () => { appChanged(); }, redact: options.redact });

  const list = new UploadList({ now, publish: (delta) => { emit('uploads', delta); } });
  const slots = new Slots(partsInFlight);
  // One store a credential keeps its connections for many uploads; a domain that was mended needs another.
  const stores = new WeakMap<TemporaryCredential, { readonly cosDomain: string | null; readonly store: ObjectStore }>();
  const storeFor = (account: Account, credential: TemporaryCredential): ObjectStore => {
    const { cosDomain } = withOverrides(account);
    const known = stores.get(credential);
    if (known?.cosDomain === cosDomain) return known.store;
    const store = new CosStore({ ...credential, domain: parseCosDomain(cosDomain) });
    stores.set(credential, { cosDomain, store });
    return store;
  };
  const queue = new UploadQueue({
    list,
    parallel: parallelUploads,
    now,
    run: (run) => runUpload(run, {
      credentials, storeFor, slots, now,
      onLeftOut: ({ upload }, leftOut) => {
        const source = list.source(upload.sourceId);
        if (source && upload.plan.packed) list.setSource(withLeftOut(source, leftOut));
      },
      onCredential: ({ upload }, { scope }) => {
        const source = list.source(upload.sourceId);
        if (!source || scope.kind !== 'prefix' || source.prefixes.includes(scope.value)) return;
        list.setSource({ ...source, prefixes: [...source.prefixes, scope.value] });
      },
    }),
  });
  const closing = new AbortController();
  const drops = new Drops({ list, now, signal: closing.signal, enqueue: (upload) => { queue.add(upload); } });

  const appState = (): AppState => {
    const account = accounts.selected;
    const destination = accounts.destination(account);
    const { languageChoice, themeChoice } = settings.value;
    return {
      version: options.version,
      language: languageChoice === 'system' ? options.systemLanguage() : languageChoice,
      languageChoice,
      themeChoice,
      accounts: accounts.views(),
      accountId: account.id,
      destination,
      credential: credentials.state(account, destination),
      pendingDrop: pendingDrop && { id: pendingDrop.id, names: pendingDrop.names, needs: pendingDrop.needs, problem: pendingDrop.problem },
    };
  };
  let announced = false;
  const appChanged = (): void => {
    if (announced) return;
    announced = true;
    queueMicrotask(() => {
      announced = false;
      emit('app', appState());
    });
  };

  const take = (paths: readonly string[], account: Account, destination: Destination): void => {
    drops.take(paths, { account, destination }).catch((error: unknown) => {
      if (!closing.signal.aborted) emit('problem', toProblem(error));
    });
  };
  /** The plan with what the person has mended since: the account as it is now, and the destination where that was refused. */
  const mended = (plan: UploadPlan, code: ProblemCode | null): UploadPlan => {
    const account = accounts.find(plan.account.id) ?? plan.account;
    const destination = code !== null && isAboutDestination(code)
      ? { ...accounts.destination(account), service: plan.destination.service }
      : plan.destination;
    return { ...plan, account, destination, lane: laneOf({ account, destination }, plan.name) };
  };
  const uploadsOf = (ids: readonly string[]) => ids.flatMap((id) => list.upload(id) ?? []);

  return {
    appState,
    totals: () => list.totals(),
    uploads: () => list.whole(),
    subscribe(event, listener) {
      listeners[event].add(listener);
      return () => { listeners[event].delete(listener); };
    },
    async addAccount(draft) {
      options.redact(draft.secretKey.trim());
      const added = await accounts.add(draft);
      credentials.forget(accounts.selected);
      appChanged();
      return added;
    },
    async removeAccount(accountId) {
      await accounts.remove(accountId);
      credentials.forget({ id: accountId });
      // Without their key they could not end well; so they end now, and say so.
      for (const upload of list.all()) if (upload.plan.account.id === accountId) queue.cancel(upload);
      appChanged();
    },
    async selectAccount(accountId) {
      await accounts.select(accountId);
      appChanged();
    },
    async setDestination(destination) {
      await accounts.setDestination(accounts.selected, destination);
      appChanged();
    },
    async refreshCredential() {
      const account = accounts.selected;
      const destination = accounts.destination(account);
      if (destination.service === 'car' && destination.applicationId === '') throw new FerryError({ code: 'application-id-missing' });
      return credentialView(await credentials.refresh(account, destination));
    },
    drop(paths) {
      if (paths.length === 0 || closing.signal.aborted) return;
      const account = accounts.selected;
      const destination = accounts.destination(account);
      if (pendingDrop === null && (destination.service === 'ms' || destination.applicationId !== '')) {
        take(paths, account, destination);
        return;
      }
      // A second drop while the question stands is answered with the first.
      const all = [...new Set([...pendingDrop?.paths ?? [], ...paths])];
      pendingDrop = {
        id: pendingDrop?.id ?? randomUUID(), names: all.map((dropped) => path.basename(dropped)),
        needs: 'application-id', problem: null, paths: all, account: pendingDrop?.account ?? account,
      };
      appChanged();
    },
    async answerPendingDrop(dropId, applicationId) {
      const drop = pendingDrop;
      if (drop?.id !== dropId) return;
      if (applicationId === null) {
        pendingDrop = null;
        appChanged();
        return;
      }
      if (applicationId.trim() === '') throw new FerryError({ code: 'application-id-missing' });
      if (answering.has(drop)) return;
      answering.add(drop);
      try {
        const kept = parseDestination({ ...accounts.destination(drop.account), service: 'car', applicationId });
        const refusal = await credentials.refresh(drop.account, kept).then(() => null, toProblem);
        // Given up, or dropped onto, while the service was asked.
        const now = pendingDrop;
        if (now?.id !== dropId) return;
        if (refusal && isAboutApplication(refusal.code)) {
          pendingDrop = { ...now, problem: refusal };
          throw new FerryError(refusal);
        }
        await accounts.setDestination(drop.account, kept);
        pendingDrop = null;
        take(now.paths, drop.account, kept);
      } finally {
        answering.delete(drop);
        appChanged();
      }
    },
    cancelUploads(ids) {
      for (const upload of uploadsOf(ids)) queue.cancel(upload);
    },
    cancelReading(ids) {
      for (const id of ids) drops.cancelReading(id);
    },
    retryUploads(ids) {
      for (const upload of uploadsOf(ids)) {
        const code = upload.state.phase === 'failed' ? upload.state.problem.code : null;
        if (!list.dispatch(upload, { type: 'retry-requested' })) continue;
        upload.plan = mended(upload.plan, code);
        queue.add(upload);
      }
    },
    clearFinished() {
      list.clearFinished();
    },
    async setPreferences(preferences) {
      await settings.update(preferences);
      appChanged();
    },
    localObjectPath(uploadId) {
      const upload = list.upload(uploadId);
      if (upload?.state.phase !== 'done' || upload.plan.account.id !== sandboxAccountId) return null;
      return sandbox.objectPath(upload.state.object.bucket, upload.state.object.key);
    },
    sandboxObjectsDirectory: sandbox.objectsDirectory,
    async close() {
      closing.abort();
      await Promise.race([queue.close(), sleep(closePatienceMs, undefined, { ref: false })]);
      await sandbox.close();
    },
  };
}

function isAboutApplication(code: ProblemCode): boolean {
  return code === 'application-unknown' || code === 'application-locked' || code === 'parameter-refused' || code === 'parameter-value-refused';
}

/** Refusals that a person mends in the destination. */
function isAboutDestination(code: ProblemCode): boolean {
  return isAboutApplication(code) || code === 'application-id-malformed' || code === 'region-malformed' || code === 'duration-out-of-range';
}

function accountOf(sandbox: Sandbox): Account {
  return {
    id: sandboxAccountId,
    label: 'Sandbox (this computer)',
    site: 'china',
    secretId: sandbox.accounts[0]?.secretId ?? '',
    apiEndpoint: sandbox.url,
    cosDomain: sandbox.url,
  };
}
