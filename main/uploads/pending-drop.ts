import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Destination, PendingDrop as PendingDropView, Problem } from '../../preload/contract.ts';
import type { ProblemCode } from '../../preload/problem-codes.ts';
import type { Account } from '../credentials/account.ts';
import type { CredentialDesk } from '../credentials/credential-desk.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import { parseDestination, type Accounts } from './accounts.ts';
import type { DropRecord } from './drop-record.ts';
import type { Drops } from './drops.ts';

export interface PendingDropOptions {
  readonly accounts: Accounts;
  readonly credentials: CredentialDesk;
  readonly drops: Drops;
  readonly take: (paths: readonly string[], account: Account, destination: Destination, dropId: string) => void;
  readonly onChange: () => void;
  readonly onProblem: (error: unknown) => void;
}

interface Held {
  readonly id: string;
  readonly paths: readonly string[];
  readonly account: Account;
  readonly problem: Problem | null;
}

/** A drop for Cloud Application Rendering that waits for its ApplicationId; on disk meanwhile, like any other. */
export class PendingDrop {
  readonly #options: PendingDropOptions;
  #held: Held | null = null;
  #answering: string | null = null;

  constructor(options: PendingDropOptions) {
    this.#options = options;
  }

  get view(): PendingDropView | null {
    const held = this.#held;
    return held && { id: held.id, accountId: held.account.id, names: held.paths.map((dropped) => path.basename(dropped)), needs: 'application-id', problem: held.problem };
  }

  /** A second drop while the question stands is answered with the first. */
  hold(paths: readonly string[], account: Account): void {
    this.#keep(this.#with(paths, account)).catch(this.#options.onProblem);
  }

  /** What was kept by an earlier run. */
  restore({ id, paths }: DropRecord, account: Account): void {
    if (this.#held === null) {
      this.#held = { id, paths, account, problem: null };
      this.#options.onChange();
      return;
    }
    const { drops, onProblem } = this.#options;
    // Only once the other holds it as well: a crash in between must lose nothing.
    this.#keep(this.#with(paths, account)).then(() => { drops.giveUp(id); }, onProblem);
  }

  /** null gives the drop up. Throws what is wrong with the ApplicationId; the question then stands. */
  async answer(dropId: string, applicationId: string | null): Promise<void> {
    const { accounts, credentials, drops, take, onChange } = this.#options;
    const held = this.#held;
    if (held?.id !== dropId) return;
    if (applicationId === null) {
      this.#held = null;
      drops.giveUp(dropId);
      onChange();
      return;
    }
    if (applicationId.trim() === '') throw new FerryError({ code: 'application-id-missing' });
    if (this.#answering === dropId) return;
    this.#answering = dropId;
    try {
      const destination = parseDestination({ ...accounts.destination(held.account), service: 'car', applicationId });
      const refusal = await credentials.refresh(held.account, destination).then(() => null, toProblem);
      if (!refusal || !isAboutApplication(refusal.code)) await accounts.setDestination(held.account, destination);
      // Given up, or dropped onto, meanwhile.
      const now = this.#held;
      if (now?.id !== dropId) return;
      if (refusal && isAboutApplication(refusal.code)) {
        this.#held = { ...now, problem: refusal };
        throw new FerryError(refusal);
      }
      this.#held = null;
      take(now.paths, held.account, destination, dropId);
    } finally {
      this.#answering = null;
      onChange();
    }
  }

  #with(paths: readonly string[], account: Account): Held {
    return { id: this.#held?.id ?? randomUUID(), paths: [...new Set([...this.#held?.paths ?? [], ...paths])], account: this.#held?.account ?? account, problem: null };
  }

  /** Settles when it is on disk. */
  #keep(held: Held): Promise<void> {
    const { accounts, drops, onChange } = this.#options;
    this.#held = held;
    const kept = drops.hold(held.id, held.paths, { account: held.account, destination: { ...accounts.destination(held.account), service: 'car', applicationId: '' } });
    onChange();
    return kept;
  }
}

export function isAboutApplication(code: ProblemCode): boolean {
  return code === 'application-unknown' || code === 'application-locked' || code === 'parameter-refused' || code === 'parameter-value-refused';
}
