/** Whether files are being dragged over the window, and what happens when they are dropped. */
export class FileDrag {
  readonly #onFiles: (files: readonly File[], targetId: string | null) => void;
  readonly #accepts: () => boolean;
  /** Every element under the pointer reports its own enter and leave; they cancel out only outside. */
  #depth = $state(0);
  #target = $state<string | null>(null);

  constructor(onFiles: (files: readonly File[], targetId: string | null) => void, accepts: () => boolean) {
    this.#onFiles = onFiles;
    this.#accepts = accepts;
  }

  get over(): boolean {
    return this.#depth > 0;
  }

  /** The `data-drop-target` under the pointer; null elsewhere. */
  get target(): string | null {
    return this.#target;
  }

  readonly enter = (event: DragEvent): void => {
    if (!hasFiles(event) || !this.#accepts()) return;
    event.preventDefault();
    this.#depth += 1;
    this.#target = targetOf(event);
  };

  readonly leave = (event: DragEvent): void => {
    // Leaving the window as a whole has no element to go to, whatever was counted before.
    this.#depth = event.relatedTarget === null ? 0 : Math.max(0, this.#depth - 1);
  };

  readonly hover = (event: DragEvent): void => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    this.#target = targetOf(event);
    if (event.dataTransfer) event.dataTransfer.dropEffect = this.#accepts() ? 'copy' : 'none';
  };

  readonly drop = (event: DragEvent): void => {
    this.#depth = 0;
    this.#target = null;
    const intoField = event.target instanceof HTMLInputElement;
    if (hasFiles(event) || !intoField) event.preventDefault();
    if (!hasFiles(event) || !this.#accepts()) return;
    this.#onFiles([...(event.dataTransfer?.files ?? [])], targetOf(event));
  };
}

function targetOf(event: DragEvent): string | null {
  return event.target instanceof Element ? event.target.closest<HTMLElement>('[data-drop-target]')?.dataset['dropTarget'] ?? null : null;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
