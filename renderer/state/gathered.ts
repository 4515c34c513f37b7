/** Runs something later; answers how to call that off. */
export type Soon = (run: () => void) => () => void;

const atOnce: Soon = (run) => {
  run();
  return () => undefined;
};

/** What comes, until it is its turn: then all of it is taken together, in its order. */
export class Gathered<T> {
  readonly #take: (all: readonly T[]) => void;
  readonly #soon: Soon;
  #all: T[] = [];
  #callOff = (): void => undefined;

  constructor(take: (all: readonly T[]) => void, soon: Soon = atOnce) {
    this.#take = take;
    this.#soon = soon;
  }

  add(one: T): void {
    this.#all.push(one);
    if (this.#all.length === 1) this.#callOff = this.#soon(() => this.takeNow());
  }

  takeNow(): void {
    this.#take(this.drop());
  }

  /** Forgets what has come, and answers it. */
  drop(): readonly T[] {
    const all = this.#all;
    this.#all = [];
    this.#callOff();
    return all;
  }
}
