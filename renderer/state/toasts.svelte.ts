import type { Problem } from '../../preload/contract.ts';

export type Toast =
  | { readonly id: number; readonly kind: 'problem'; readonly problem: Problem }
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
    this.#all = [...this.#all.filter((toast) => toast.kind === 'problem'), { id, kind }];
    setTimeout(() => this.dismiss(id), doneShownMs);
  }

  dismiss(id: number): void {
    this.#all = this.#all.filter((toast) => toast.id !== id);
  }
}
