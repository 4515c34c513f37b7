import { setTimeout as sleep } from 'node:timers/promises';
import type { ProblemCode } from '../../preload/problem-codes.ts';
import type { AppState, Language } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { checkKey } from '../credentials/check-key.ts';
import type { Keychain } from '../credentials/keychain.ts';
import { SecretKeys } from '../credentials/secret-keys.ts';
import { credentialView } from '../credentials/temporary-credential.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import { History } from '../history/history.ts';
import { parseProxy, type ProxyFor } from '../proxy.ts';
import type { BuiltInSandbox } from '../sandbox/start-sandbox-thread.ts';
import { sandboxAccountId } from '../settings/settings.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { Accounts } from './accounts.ts';
import { createEngine, type EngineLimits } from './engine.ts';
import { destinationRequests } from './destination-requests.ts';
import { Destinations } from './destinations.ts';
import { DropDesk } from './drop-desk.ts';
import type { Ferry, FerryEvents } from './ferry.ts';
import { isGone } from './gone-account.ts';
import { laneOf } from './lane.ts';
import { bytesPerSecondAt } from './limit-now.ts';
import { historyEntryOf } from './history-entry-of.ts';
import { historyRequests } from './history-requests.ts';
import { MeasuredSpeeds } from './measured-speeds.ts';
import { isAboutApplication } from './pending-drop.ts';
import { Removals } from './removals.ts';
import { rowRequests } from './row-requests.ts';
import { accountOfSandbox } from './sandbox-account.ts';
import type { Upload, UploadPlan } from './upload.ts';

export interface FerryOptions {
  readonly version: string;
  readonly settings: SettingsStore;
  readonly keychain: Keychain;
  readonly sandbox: BuiltInSandbox;
  /** Where what is unfinished is kept. */
  readonly journalDirectory: string;
  /** Where uploads that have ended are kept. */
  readonly historyFile: string;
  readonly systemLanguage: () => Language;
  readonly now?: () => number;
  /** Told every secret, so that no log can ever hold one. */
  readonly redact: (secret: string, untilMs?: number) => void;
  /** COS_FERRY_API_ENDPOINT and COS_FERRY_COS_DOMAIN: for accounts that set none of their own. */
  readonly apiEndpoint?: string | null;
  readonly cosDomain?: string | null;
  /** The system's proxy for a URL. Default: every URL is reached directly. */
  readonly proxyFor?: ProxyFor;
  /** How long what was taken off the list can be put back. */
  readonly undoRemovalMs?: number;
}

const closePatienceMs = 5_000;

/** Puts the engine together. Closing it stops all uploads. */
export function createFerry(options: FerryOptions): Ferry {
  const { settings, sandbox } = options;
  const now = options.now ?? Date.now;
  const listeners: { [E in keyof FerryEvents]: Set<(payload: FerryEvents[E]) => void> } = { app: new Set(), uploads: new Set(), problem: new Set(), history: new Set() };
  const emit = <E extends keyof FerryEvents>(event: E, payload: FerryEvents[E]): void => {
    for (const listener of listeners[event]) listener(payload);
  };

  const keys = new SecretKeys(options.keychain, options.redact);
  const sandboxAccount = accountOfSandbox(sandbox);
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
  const history = new History({
    file: options.historyFile,
    onChange: (count) => { emit('history', { count }); },
    onProblem: (error) => { emit('problem', error.problem); },
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
    packLevel: () => settings.value.options.packLevel,
    publish: (delta) => {
      speeds.note(delta);
      emit('uploads', delta);
    },
    onFinished: (upload) => {
      const entry = historyEntryOf(upload);
      if (entry) history.add(entry);
    },
    ...(options.proxyFor ? { proxyFor: options.proxyFor } : {}),
    onChange: () => { appChanged(); },
    onProblem: (error) => { tell(error); },
  });
  const { list, queue, drops, credentials } = engine;
  const tell = (error: unknown): void => { emit('problem', toProblem(error)); };
  const speeds = new MeasuredSpeeds(settings, (sourceId) => list.source(sourceId)?.accountId, tell);
  const destinations = new Destinations(settings, accounts);
  const removals = new Removals(engine, options.undoRemovalMs);
  const selected = (): Account => withOverrides(accounts.selected);
  // The timetable has minutes, so once a minute is often enough.
  const timetable = setInterval(() => { engine.setLimits(limitsNow()); }, 60_000);
  timetable.unref();

  const appState = (): AppState => {
    const account = selected();
    const destination = accounts.destination(account);
    const { languageChoice, themeChoice, hasChosen } = settings.value;
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
      options: settings.value.options,
      ...desk.views(),
      recentDestinations: destinations.recent(),
      destinationLocked: destinations.locked,
      firstRun: !hasChosen && settings.value.accounts.length === 0,
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

  const desk = new DropDesk({
    engine, settings, accounts, destinations, speeds, withOverrides,
    sandbox: { accountId: sandboxAccountId, objectsDirectory: sandbox.objectsDirectory },
    limit: () => limitsNow().bytesPerSecond,
    uploadedBefore: (sources) => history.uploadedBefore(sources),
    onChange: appChanged,
    onProblem: tell,
  });
  /** The plan with what the person has mended since: the account as it is now, and the destination where that was refused. */
  const mended = (plan: UploadPlan, code: ProblemCode | null): UploadPlan => {
    // Added again under the same name, as its row has asked for, it is another account.
    const kept = accounts.find(plan.account.id) ?? (isGone(plan.account) ? accounts.labelled(plan.account.label) : null);
    const account = kept ? withOverrides(kept) : plan.account;
    const destination = code !== null && isAboutDestination(code)
      ? { ...accounts.destination(account), service: plan.destination.service }
      : plan.destination;
    return { ...plan, account, destination, lane: laneOf({ account, destination }, plan.name) };
  };
  const uploadsOf = (ids: readonly string[]): readonly Upload[] => ids.flatMap((id) => list.upload(id) ?? []);

  return {
    appState,
    totals: () => list.totals(),
    uploads: () => list.whole(),
    subscribe(event, listener) {
      listeners[event].add(listener);
      return () => { listeners[event].delete(listener); };
    },
    checkAccount: (draft) => { accounts.check(draft); },
    async addAccount(draft) {
      options.redact(draft.secretKey.trim());
      const added = await accounts.add(draft);
      // It is the chosen account now, so whatever was locked is not chosen any more.
      await settings.update({ hasChosen: true, destinationLocked: false });
      credentials.forget(accounts.selected);
      appChanged();
      return added;
    },
    async removeAccount(accountId) {
      const wasSelected = accounts.selected.id === accountId;
      const failuresBefore = new Set([...list.all()].map(({ state }) => state).filter(({ phase }) => phase === 'failed'));
      await accounts.remove(accountId);
      await destinations.forget(accountId, wasSelected);
      desk.forget(accountId);
      removals.settle();
      credentials.forget({ id: accountId });
      for (const source of list.sources()) if (source.accountId === accountId && source.phase === 'reading') drops.cancelReading(source.id);
      // Also what has missed its key before it could be cancelled.
      for (const upload of list.all()) if (upload.plan.account.id === accountId && !failuresBefore.has(upload.state)) queue.giveUp(upload);
      // Without their key they could not end well, nor be gone on with: their parts go while a credential lives.
      engine.clearFinished((upload) => upload.plan.account.id === accountId && upload.state.phase === 'failed');
      appChanged();
    },
    ...destinationRequests({ accounts, destinations, apiFor: engine.apiFor, withOverrides, onChange: appChanged }),
    async endFirstRun() {
      await settings.update({ hasChosen: true });
      appChanged();
    },
    async refreshCredential() {
      const account = selected();
      const destination = accounts.destination(account);
      if (destination.service === 'car' && destination.applicationId === '') throw new FerryError({ code: 'application-id-missing' });
      return credentialView(await credentials.refresh(account, destination));
    },
    drop: (paths, choice = null) => { desk.drop(paths, choice); },
    answerPendingDrop: (dropId, applicationId) => desk.answer(dropId, applicationId),
    startDrop: (dropId, andAlways) => desk.start(dropId, andAlways),
    discardDrop: (dropId) => { desk.discard(dropId); },
    checkDrop: (dropId) => { desk.check(dropId); },
    cancelUploads(ids) {
      for (const upload of uploadsOf(ids)) queue.cancel(upload);
    },
    cancelReading(ids) {
      for (const id of ids) drops.cancelReading(id);
    },
    retryUploads(ids) {
      for (const upload of uploadsOf(ids)) {
        if (upload.state.phase !== 'failed' && upload.state.phase !== 'cancelled') continue;
        upload.plan = mended(upload.plan, upload.state.phase === 'failed' ? upload.state.problem.code : null);
        queue.retry(upload);
      }
    },
    readAgain(ids) {
      for (const id of ids) {
        const source = list.source(id);
        const account = source && accounts.find(source.accountId);
        if (account) drops.readAgain(id, withOverrides(account)).catch((error: unknown) => { if (!closed) emit('problem', toProblem(error)); });
        else if (source) emit('problem', { code: 'key-missing', params: { label: source.accountLabel } });
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
      const { pending } = await engine.restore({
        accountOf: (accountId) => {
          const account = accounts.find(accountId);
          return account && withOverrides(account);
        },
        start: resumesAtStart,
      });
      for (const record of pending) desk.restore(record);
    },
    ...rowRequests({
      list, removals, sandbox, version: options.version, now,
      runAgain: (plan, paths) => { desk.take(paths, { account: mended(plan, null).account, destination: plan.destination }); },
    }),
    async setPreferences(preferences) {
      const { languageChoice = settings.value.languageChoice, themeChoice = settings.value.themeChoice, ...changed } = preferences;
      const set = { ...settings.value.options, ...changed };
      await settings.update({ languageChoice, themeChoice, options: { ...set, proxy: set.proxy.kind === 'custom' ? { kind: 'custom', url: parseProxy(set.proxy.url) } : set.proxy } });
      appChanged();
    },
    ...historyRequests({
      history,
      accountOf: (accountId) => { const account = accounts.find(accountId); return account && withOverrides(account); },
      drop: (paths, choice) => { desk.drop(paths, choice ?? null); },
    }),
    sandboxObjectsDirectory: sandbox.objectsDirectory,
    async close() {
      desk.close();
      await speeds.keep();
      clearInterval(timetable);
      removals.settle();
      await Promise.race([engine.quit().then(() => history.settled()), sleep(closePatienceMs, undefined, { ref: false })]);
      await sandbox.close();
    },
  };
}

/** Refusals that a person mends in the destination. */
function isAboutDestination(code: ProblemCode): boolean {
  return isAboutApplication(code) || code === 'application-id-malformed' || code === 'region-malformed' || code === 'duration-out-of-range';
}
