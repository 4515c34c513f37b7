import type { Problem, Removal } from '../../preload/contract.ts';

export type Toast =
  | { readonly id: number; readonly kind: 'problem'; readonly problem: Problem }
  | { readonly id: number; readonly kind: 'removed'; readonly removal: Removal }
  | { readonly id: number; readonly kind: Done };

/** What has just been done, in passing. */
export type Done = 'copied' | 'saved';

const doneShownMs = 1600;
const problemsShown = 3;

/** Short messages over the window. A problem stays until it is dismissed, so that it can be read. */
export class Toasts {
  #all = $state.raw<readonly Toast[]>([]);
  #nextId = 0;

  get all(): readonly Toast[] {
    return this.#all;
  }

  problem(problem: Problem): void {
    const others = this.#all.filter((toast) => toast.kind !== 'problem' || toast.problem.code !== problem.code);
    this.#all = [...others, { id: this.#nextId++, kind: 'problem' as const, problem }].slice(-problemsShown);
  }

  done(kind: Done): void {
    const id = this.#nextId++;
    this.#all = [...this.#all.filter((toast) => toast.kind === 'problem' || toast.kind === 'removed'), { id, kind }];
    setTimeout(() => this.dismiss(id), doneShownMs);
  }

  /** Offers to undo it for as long as that can be done. The latest is the one that is meant. */
  removed(removal: Removal): void {
    const id = this.#nextId++;
    this.#all = [...this.#all.filter((toast) => toast.kind !== 'removed'), { id, kind: 'removed', removal }];
    setTimeout(() => this.dismiss(id), removal.undoMs);
  }

  undone(removalId: string): void {
    this.#all = this.#all.filter((toast) => toast.kind !== 'removed' || toast.removal.id !== removalId);
  }

  /** What was taken off the list last, while that can be undone. */
  get removal(): Removal | null {
    return this.#all.find((toast) => toast.kind === 'removed')?.removal ?? null;
  }

  dismiss(id: number): void {
    this.#all = this.#all.filter((toast) => toast.id !== id);
  }
}
