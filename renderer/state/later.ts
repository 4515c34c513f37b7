/** Runs something later; answers how to call that off. */
export type Soon = (run: () => void) => () => void;

const atOnce: Soon = (run) => {
  run();
  return () => undefined;
};

/** Does something once when it is its turn, however often it was asked for until then. */
export class Later {
  readonly #run: () => void;
  readonly #soon: Soon;
  #isAsked = false;
  #callOff = (): void => undefined;

  constructor(run: () => void, soon: Soon = atOnce) {
    this.#run = run;
    this.#soon = soon;
  }

  ask(): void {
    if (this.#isAsked) return;
    this.#isAsked = true;
    this.#callOff = this.#soon(() => {
      this.callOff();
      this.#run();
    });
  }

  callOff(): void {
    this.#isAsked = false;
    this.#callOff();
  }
}
