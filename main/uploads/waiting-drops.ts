import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Preflight, PreflightFindings, WaitingDrop } from '../../preload/drops.ts';
import { toProblem } from '../ferry-error.ts';
import type { OnFound } from '../package/walk.ts';
import { sameTarget } from './destinations.ts';
import type { DropRecord } from './drop-record.ts';
import type { Drops } from './drops.ts';
import type { DropTarget } from './lane.ts';

export interface WaitingDropsOptions {
  readonly drops: Drops;
  readonly look: (paths: readonly string[], target: DropTarget, signal: AbortSignal, onFound: OnFound) => Promise<PreflightFindings>;
  readonly start: (paths: readonly string[], target: DropTarget, dropId: string) => void;
  readonly onChange: () => void;
  readonly onProblem: (error: unknown) => void;
}

interface Held {
  readonly id: string;
  readonly paths: readonly string[];
  readonly target: DropTarget;
  kind: WaitingDrop['kind'];
  preflight: Preflight;
  looking: AbortController;
}

const mostNames = 100;
// As often as a person can follow.
const tellEveryMs = 200;

/** Drops that wait for the person's start, each on disk meanwhile, and what was found to be in them. */
export class WaitingDrops {
  readonly #options: WaitingDropsOptions;
  readonly #held = new Map<string, Held>();

  constructor(options: WaitingDropsOptions) {
    this.#options = options;
  }

  views(): readonly WaitingDrop[] {
    return [...this.#held.values()].map(({ id, paths, target: { account, destination }, kind, preflight }) => ({
      id, destination, kind, preflight,
      names: paths.slice(0, mostNames).map((dropped) => path.basename(dropped) || dropped),
      count: paths.length,
      accountId: account.id,
      accountLabel: account.label,
    }));
  }

  /** The same drop for the same destination once more is looked at anew, and not there twice. */
  hold(paths: readonly string[], target: DropTarget, id: string = randomUUID()): void {
    const dropped = [...new Set(paths.map((one) => path.resolve(one)))];
    const same = [...this.#held.values()].find((held) => sameTarget(held.target, target) && sameItems(held.paths, dropped));
    if (same) this.discard(same.id);
    this.#options.drops.hold(id, dropped, target).catch(this.#options.onProblem);
    this.#look({ id, paths: dropped, target });
  }

  /** What was kept by an earlier run. */
  restore({ id, paths }: DropRecord, target: DropTarget): void {
    this.#look({ id, paths, target });
  }

  start(dropId: string): void {
    const held = this.#take(dropId);
    if (held) this.#options.start(held.paths, held.target, dropId);
  }

  discard(dropId: string): void {
    if (this.#take(dropId)) this.#options.drops.giveUp(dropId);
  }

  /** Discards what was to go with an account that is removed. */
  forget(accountId: string): void {
    for (const { id, target } of this.#held.values()) if (target.account.id === accountId) this.discard(id);
  }

  check(dropId: string): void {
    const held = this.#held.get(dropId);
    if (held) this.#look(held);
  }

  close(): void {
    for (const { looking } of this.#held.values()) looking.abort();
  }

  #take(dropId: string): Held | undefined {
    const held = this.#held.get(dropId);
    held?.looking.abort();
    this.#held.delete(dropId);
    this.#options.onChange();
    return held;
  }

  #look({ id, paths, target }: Pick<Held, 'id' | 'paths' | 'target'>): void {
    const { look, onChange } = this.#options;
    this.#held.get(id)?.looking.abort();
    const held: Held = { id, paths, target, kind: paths.length > 1 ? 'selection' : 'file', preflight: { kind: 'looking', found: 0 }, looking: new AbortController() };
    this.#held.set(id, held);
    onChange();
    const { signal } = held.looking;
    void isFolder(paths).then((folder) => {
      if (!folder) return;
      held.kind = 'folder';
      onChange();
    });
    let found = 0;
    let toldAtMs = performance.now();
    const onFound = (more: number): void => {
      found += more;
      if (signal.aborted || performance.now() - toldAtMs < tellEveryMs) return;
      toldAtMs = performance.now();
      held.preflight = { kind: 'looking', found };
      onChange();
    };
    look(paths, target, signal, onFound).then(
      (findings): Preflight => ({ kind: 'ready', findings }),
      (error: unknown): Preflight => ({ kind: 'failed', problem: toProblem(error) }),
    ).then((result) => {
      if (signal.aborted) return;
      held.preflight = result;
      onChange();
    }, this.#options.onProblem);
  }
}

async function isFolder(paths: readonly string[]): Promise<boolean> {
  const [only] = paths;
  return only !== undefined && paths.length === 1 && await stat(only).then((stats) => stats.isDirectory(), () => false);
}

function sameItems(some: readonly string[], others: readonly string[]): boolean {
  const known = new Set(some);
  return some.length === others.length && others.every((item) => known.has(item));
}
