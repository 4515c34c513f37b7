import { statfs } from 'node:fs/promises';
import path from 'node:path';
import type { AppState, Destination, DropTargetChoice } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { NameTally, type SomeNames } from '../package/name-tally.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import type { Accounts } from './accounts.ts';
import type { Destinations } from './destinations.ts';
import type { DropRecord } from './drop-record.ts';
import type { Engine } from './engine.ts';
import { goneAccount } from './gone-account.ts';
import type { DropTarget } from './lane.ts';
import type { MeasuredSpeeds } from './measured-speeds.ts';
import { PendingDrop } from './pending-drop.ts';
import { preflight, type PreflightDeps } from './preflight.ts';
import { isFinished } from './upload-state.ts';
import { WaitingDrops } from './waiting-drops.ts';

export interface DropDeskOptions {
  readonly engine: Engine;
  readonly settings: SettingsStore;
  readonly accounts: Accounts;
  readonly destinations: Destinations;
  readonly speeds: MeasuredSpeeds;
  /** The account with the environment's overrides. */
  readonly withOverrides: (account: Account) => Account;
  /** The sandbox keeps what it is sent here. */
  readonly sandbox: { readonly accountId: string; readonly objectsDirectory: string };
  /** Bytes a second at this time of day; null for no limit. */
  readonly limit: () => number | null;
  readonly uploadedBefore: PreflightDeps['uploadedBefore'];
  readonly onChange: () => void;
  readonly onProblem: (error: unknown) => void;
}

// The documented default of Mobile Security (CreateCosSecKeyInstance, Duration).
const usualKeySeconds = 3600;

/**
 * Where drops arrive: each is sent at once, waits for the person's start, or waits for an answer
 * first. Whatever comes through the window or from outside of it waits alike, for whoever opens a
 * file with the app has not said where it is to go; a locked destination was said beforehand.
 */
export class DropDesk {
  readonly #options: DropDeskOptions;
  readonly #pending: PendingDrop;
  readonly #waiting: WaitingDrops;
  #closed = false;

  constructor(options: DropDeskOptions) {
    const { accounts, engine: { credentials, drops }, onChange, onProblem } = options;
    this.#options = options;
    this.#pending = new PendingDrop({
      accounts, credentials, drops, onChange, onProblem,
      take: (paths, account, destination, dropId) => { this.#proceed(paths, { account, destination }, false, dropId); },
    });
    this.#waiting = new WaitingDrops({
      drops, onChange, onProblem,
      look: (paths, target, signal, onFound) => preflight(paths, target, this.#preflightDeps(), signal, onFound),
      // The account as it is by then: its key may have been given anew.
      start: (paths, target, dropId) => { this.take(paths, { ...target, account: this.#find(target.account.id) ?? target.account }, dropId); },
    });
  }

  views(): Pick<AppState, 'pendingDrop' | 'waitingDrops'> {
    return { pendingDrop: this.#pending.view, waitingDrops: this.#waiting.views() };
  }

  /** `choice` is where it was dropped, if that is not the chosen destination. Throws what is wrong with that. */
  drop(paths: readonly string[], choice: DropTargetChoice | null): void {
    const { accounts, destinations, withOverrides } = this.#options;
    if (paths.length === 0 || this.#closed) return;
    const chosen = choice && destinations.targetOf(choice);
    const account = withOverrides(chosen?.account ?? accounts.selected);
    const destination = chosen?.destination ?? accounts.destination(account);
    const complete = destination.service === 'ms' || destination.applicationId !== '';
    // A second drop while the question stands is answered with the first.
    if (!complete || (!chosen && this.#pending.view)) this.#pending.hold(paths, account);
    else this.#proceed(paths, { account, destination }, !chosen && destinations.locked);
  }

  answer(dropId: string, applicationId: string | null): Promise<void> {
    return this.#pending.answer(dropId, applicationId);
  }

  async start(dropId: string, andAlways: boolean): Promise<void> {
    const { settings, onChange } = this.#options;
    this.#waiting.start(dropId);
    if (!andAlways) return;
    await settings.update({ options: { ...settings.value.options, startsAtOnce: true } });
    onChange();
  }

  discard(dropId: string): void {
    this.#waiting.discard(dropId);
  }

  check(dropId: string): void {
    this.#waiting.check(dropId);
  }

  /** What an earlier run has kept for a person comes back as it was. */
  restore(record: DropRecord): void {
    const { paths, destination, id } = record;
    const account = this.#find(record.account.id);
    // Nobody can answer for an account that is gone: its row says so.
    if (!account) this.#send(paths, { account: goneAccount(record.account), destination }, id);
    else if (destination.service === 'car' && destination.applicationId === '') this.#pending.restore(record, account);
    else this.#waiting.restore(record, { account, destination });
  }

  /** Sends it without asking anything. */
  take(paths: readonly string[], target: DropTarget, dropId?: string): void {
    const { destinations, onChange, onProblem } = this.#options;
    destinations.remember(target).then(onChange, onProblem);
    this.#send(paths, target, dropId);
  }

  /** Discards what waits for an account that is removed. */
  forget(accountId: string): void {
    this.#waiting.forget(accountId);
  }

  close(): void {
    this.#closed = true;
    this.#waiting.close();
  }

  #proceed(paths: readonly string[], target: DropTarget, locked: boolean, dropId?: string): void {
    if (locked || this.#options.settings.value.options.startsAtOnce) this.take(paths, target, dropId);
    else this.#waiting.hold(paths, target, dropId);
  }

  #send(paths: readonly string[], target: DropTarget, dropId?: string): void {
    this.#options.engine.drops.take(paths, target, null, dropId).catch((error: unknown) => {
      if (!this.#closed) this.#options.onProblem(error);
    });
  }

  #find(accountId: string): Account | null {
    const account = this.#options.accounts.find(accountId);
    return account && this.#options.withOverrides(account);
  }

  #preflightDeps(): PreflightDeps {
    const { sandbox, speeds, limit, uploadedBefore } = this.#options;
    return {
      sending: (paths) => this.#sending(paths),
      freeBytes: async ({ id }) => {
        if (id !== sandbox.accountId) return null;
        const { bavail, bsize } = await statfs(sandbox.objectsDirectory);
        return bavail * bsize;
      },
      bytesPerSecond: ({ id }) => {
        const speed = speeds.of(id);
        return speed === null ? null : Math.min(speed, limit() ?? Infinity);
      },
      keySeconds: ({ account, destination }) => this.#keySeconds(account, destination),
      uploadedBefore,
    };
  }

  #keySeconds(account: Account, destination: Destination): number | null {
    const state = this.#options.engine.credentials.state(account, destination);
    if (state.kind === 'ready') return (state.credential.expiresAtMs - state.credential.startsAtMs) / 1000;
    return destination.service === 'ms' ? destination.durationSeconds ?? usualKeySeconds : null;
  }

  /** Which of these other uploads are about: the same item, what holds it, or something in it. */
  #sending(paths: readonly string[]): SomeNames | null {
    const busy = new Set<string>();
    const around = new Set<string>();
    for (const { state, plan } of this.#options.engine.list.all()) {
      if (isFinished(state)) continue;
      for (const one of plan.paths) {
        busy.add(one);
        for (let above = path.dirname(one); !around.has(above); above = path.dirname(above)) around.add(above);
      }
    }
    const tally = new NameTally();
    for (const dropped of paths) {
      if (around.has(dropped) || isWithin(busy, dropped)) tally.add(path.basename(dropped));
    }
    return tally.names;
  }
}

function isWithin(busy: ReadonlySet<string>, item: string): boolean {
  for (let at = item; ; at = path.dirname(at)) {
    if (busy.has(at)) return true;
    if (path.dirname(at) === at) return false;
  }
}
