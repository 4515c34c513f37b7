/**
 * Keeps the keyboard in a list whose rows move and go: a browser takes the focus from an element
 * that changes its place in the document, and leaves it nowhere when the element is removed.
 */
export class KeptFocus {
  #last: HTMLElement | null = null;

  readonly focusIn = (event: FocusEvent): void => {
    this.#last = event.target instanceof HTMLElement ? event.target : null;
  };

  /** A press elsewhere takes the focus away on purpose. */
  readonly press = (event: PointerEvent, list: HTMLElement | undefined): void => {
    if (event.target instanceof Node && !list?.contains(event.target)) this.#last = null;
  };

  /** Gives back a focus that was lost; calls `gone` where there is nothing left that could have it. */
  restore(gone: () => void): void {
    if (this.#last === null || document.activeElement !== document.body) return;
    if (this.#last.isConnected) this.#last.focus({ preventScroll: true });
    else {
      this.#last = null;
      gone();
    }
  }
}
