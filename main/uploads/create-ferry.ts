import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import type { AppState, Destination, Events, Language, PendingDrop } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { checkKey } from '../credentials/check-key.ts';
import type { Keychain } from '../credentials/keychain.ts';
import { SecretKeys } from '../credentials/secret-keys.ts';
import { credentialView } from '../credentials/temporary-credential.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import type { ProxyFor } from '../proxy.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { sandboxAccountId } from '../settings/settings.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { Accounts } from './accounts.ts';
import { laneOf } from './drops.ts';
import { createEngine, type EngineLimits } from './engine.ts';
import type { Ferry } from './ferry.ts';
import { bytesPerSecondAt } from './limit-now.ts';
import type { Upload } from './upload.ts';
import { uploadReport } from './upload-report.ts';

export interface FerryOptions {
  readonly version: string;
  readonly settings: SettingsStore;
  readonly keychain: Keychain;
  readonly sandbox: Sandbox;
  /** Where what is unfinished is kept. */
  readonly journalDirectory: string;
  readonly systemLanguage: () => Language;
  readonly now?: () => number;
  /** Told every secret, so that no log can ever hold one. */
  readonly redact: (secret: string) => void;
  /** COS_FERRY_API_ENDPOINT and COS_FERRY_COS_DOMAIN: for accounts that set none of their own. */
  readonly apiEndpoint?: string | null;
  readonly cosDomain?: string | null;
  /** The system's proxy for a URL. Default: every URL is reached directly. */
  readonly proxyFor?: ProxyFor;
}

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

  const keys = new SecretKeys(options.keychain, options.redact);
  const sandboxAccount = accountOf(sandbox);
  void keys.keep(sandboxAccountId, sandbox.accounts[0]?.secretKey ?? '', true);
  const withOverrides = (account: Account): Account => account.id === sandboxAccountId ? account : {
    ...account,
    apiEndpoint: account.apiEndpoint ?? options.apiEndpoint ?? null,
    cosDomain: account.cosDomain ?? options.cosDomain ?? null,
  };
  const accounts = new Accounts({
    settings,
    keys,
    sandbox: sandboxAccount,
    check: (account, secretKey) => checkKey(engine.apiFor(withOverrides(account), { secretKey, impatient: true }), account.site),
  });
  const limitsNow = (): EngineLimits => {
    const { limits } = settings.value;
    return { ...limits, bytesPerSecond: bytesPerSecondAt(limits, new Date(now())) };
  };
  const engine = createEngine({
    journalDirectory: options.journalDirectory,
    secretKeyOf: (account) => keys.get(account),
    keychain: options.keychain,
    localClock: now,
    redact: options.redact,
    limits: limitsNow(),
    publish: (delta) => { emit('uploads', delta); },
    ...(options.proxyFor ? { proxyFor: options.proxyFor } : {}),
    onChange: () => { appChanged(); },
    onProblem: (error) => { emit('problem', toProblem(error)); },
  });
  const { list, queue, drops, credentials } = engine;
  const selected = (): Account => withOverrides(accounts.selected);
  // The timetable has minutes, so once a minute is often enough.
  const timetable = setInterval(() => { engine.setLimits(limitsNow()); }, 60_000);
  timetable.unref();

  const appState = (): AppState => {
    const account = selected();
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
      offline: engine.connectivity.offline,
      limits: settings.value.limits,
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
    drops.take(paths, { account, destination }).catch((error: unknown) => { emit('problem', toProblem(error)); });
  };
  const uploadsOf = (ids: readonly string[]): readonly Upload[] => ids.flatMap((id) => list.upload(id) ?? []);

  return {
    appState,
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
      const removed = accounts.views().find((account) => account.id === accountId);
      await accounts.remove(accountId);
      if (removed) credentials.forget(removed);
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
      const account = selected();
      const destination = accounts.destination(account);
      if (destination.service === 'car' && destination.applicationId === '') throw new FerryError({ code: 'application-id-missing' });
      return credentialView(await credentials.refresh(account, destination));
    },
    drop(paths) {
      if (paths.length === 0) return;
      const account = selected();
      const destination = accounts.destination(account);
      if (destination.service === 'ms' || destination.applicationId !== '') {
        take(paths, account, destination);
        return;
      }
      // A second drop while the question stands is answered with the first.
      const all = [...pendingDrop?.paths ?? [], ...paths];
      pendingDrop = { id: randomUUID(), names: all.map((dropped) => path.basename(dropped)), needs: 'application-id', problem: null, paths: all, account };
      appChanged();
    },
    async answerPendingDrop(dropId, applicationId) {
      const drop = pendingDrop;
      if (drop?.id !== dropId) return;
      if (applicationId !== null) {
        const destination: Destination = { ...accounts.destination(drop.account), service: 'car', applicationId };
        if (applicationId.trim() === '') throw new FerryError({ code: 'application-id-missing' });
        await accounts.setDestination(drop.account, destination);
        const kept = accounts.destination(drop.account);
        const refusal = await credentials.refresh(drop.account, kept).then(() => null, toProblem);
        if (refusal && (refusal.code === 'application-unknown' || refusal.code === 'parameter-value-refused')) {
          await accounts.setDestination(drop.account, { ...kept, applicationId: '' });
          pendingDrop = { ...drop, problem: refusal };
          appChanged();
          throw new FerryError(refusal);
        }
        take(drop.paths, drop.account, kept);
      }
      if (pendingDrop?.id === dropId) pendingDrop = null;
      appChanged();
    },
    cancelUploads(ids) {
      for (const upload of uploadsOf(ids)) queue.cancel(upload);
    },
    retryUploads(ids) {
      for (const upload of uploadsOf(ids)) {
        const { problem } = upload.state.phase === 'failed' ? upload.state : { problem: null };
        // The same wrong ApplicationId again would help nobody: the one that is set now is meant.
        if (problem?.code === 'application-unknown') {
          const target = { account: upload.plan.account, destination: { ...accounts.destination(upload.plan.account), service: upload.plan.destination.service } };
          upload.plan = { ...upload.plan, ...target, lane: laneOf(target, upload.plan.name) };
        }
        queue.retry(upload);
      }
    },
    pauseUploads(ids) {
      for (const upload of uploadsOf(ids)) queue.pause(upload);
    },
    resumeUploads(ids) {
      for (const upload of uploadsOf(ids)) queue.resume(upload);
    },
    moveUploads(ids, beforeId) {
      engine.move(uploadsOf(ids), beforeId === null ? null : list.upload(beforeId) ?? null);
    },
    report(uploadId) {
      const upload = list.upload(uploadId);
      return upload ? uploadReport(upload, options.version) : null;
    },
    async setLimits(limits) {
      await settings.update({ limits: { ...limits, timetable: limits.timetable.map((hours) => ({ ...hours })) } });
      engine.setLimits(limitsNow());
      appChanged();
    },
    networkIsBack() {
      engine.connectivity.wake();
    },
    async restore() {
      const { resumesAtStart } = settings.value.limits;
      await engine.restore((entry) => {
        const account = accounts.find(entry.accountId);
        return account && withOverrides(account);
      }, resumesAtStart);
    },
    clearFinished() {
      engine.clearFinished();
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
      clearInterval(timetable);
      await Promise.race([engine.quit(), sleep(closePatienceMs, undefined, { ref: false })]);
      await sandbox.close();
    },
  };
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
