/** Of the names that something is true of, the first and how many there are. */
export interface SomeNames {
  readonly name: string;
  readonly count: number;
}

/** Counts names and remembers the first; null while there is none. */
export class NameTally {
  #names: SomeNames | null = null;

  get names(): SomeNames | null {
    return this.#names;
  }

  add(name: string): void {
    this.#names = { name: this.#names?.name ?? name, count: (this.#names?.count ?? 0) + 1 };
  }
}
