/** A row's place between the others while one is dragged over it. */
export interface RowTarget {
  readonly id: string;
  readonly behind: boolean;
}

/** Which row of the list is being dragged, and where it would come to stand. */
export class RowDrag {
  readonly #onDrop: (id: string, target: RowTarget) => void;
  #dragged = $state<string | null>(null);
  #target = $state.raw<RowTarget | null>(null);

  constructor(onDrop: (id: string, target: RowTarget) => void) {
    this.#onDrop = onDrop;
  }

  get dragged(): string | null {
    return this.#dragged;
  }

  get target(): RowTarget | null {
    return this.#target;
  }

  /** Makes an element a row that can be dragged, and be dropped on; `idOf` says whose it is by then. */
  readonly row = (idOf: () => string) => (element: HTMLElement): (() => void) => {
    const stop = new AbortController();
    const on = (event: 'dragstart' | 'dragover' | 'drop' | 'dragend', listener: (event: DragEvent) => void) =>
      element.addEventListener(event, listener, { signal: stop.signal });
    element.draggable = true;
    on('dragstart', (event) => {
      if (!event.dataTransfer) return;
      // A type of its own, so that neither the window nor another program takes it for a file.
      event.dataTransfer.setData('application/x-cos-ferry-row', idOf());
      event.dataTransfer.effectAllowed = 'move';
      this.#dragged = idOf();
    });
    on('dragover', (event) => {
      const id = idOf();
      if (this.#dragged === null || this.#dragged === id) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'move';
      const { top, height } = element.getBoundingClientRect();
      const behind = event.clientY > top + height / 2;
      if (this.#target?.id !== id || this.#target.behind !== behind) this.#target = { id, behind };
    });
    on('drop', (event) => {
      if (this.#dragged === null || this.#target === null) return;
      event.preventDefault();
      this.#onDrop(this.#dragged, this.#target);
      this.#end();
    });
    on('dragend', () => this.#end());
    return () => {
      stop.abort();
      element.draggable = false;
      if (this.#dragged === idOf()) this.#end();
    };
  };

  #end(): void {
    this.#dragged = null;
    this.#target = null;
  }
}
