import type { Upload } from './upload.ts';

const manyPassed = 1024;

/** The uploads of one account that wait, by `order`, and how much of it goes on. */
export class AccountLine {
  /** Of the places, by those that stand aside as well. */
  share = 0;
  #waiting: Upload[] = [];
  readonly #queued = new Set<Upload>();
  /** What is in front of it has left. */
  #head = 0;
  #first = 0;
  #sorted = true;

  add(upload: Upload): void {
    if (this.#queued.has(upload)) return;
    this.#queued.add(upload);
    if (upload.order < (this.#waiting.at(-1)?.order ?? -Infinity)) this.#sorted = false;
    this.#waiting.push(upload);
  }

  /** Their `order` has changed. */
  reorder(): void {
    this.#sorted = false;
  }

  /** The first one that may begin, or null; those that do not wait any more leave. */
  first(mayBegin: (upload: Upload) => boolean): Upload | null {
    this.#sort();
    for (this.#first = this.#head; this.#first < this.#waiting.length;) {
      const upload = this.#waiting[this.#first];
      if (upload?.state.phase !== 'waiting') this.removeFirst();
      else if (mayBegin(upload)) return upload;
      else this.#first += 1;
    }
    return null;
  }

  /** Takes off what `first` has found. */
  removeFirst(): void {
    const upload = this.#waiting[this.#first];
    if (upload) this.#queued.delete(upload);
    if (this.#first > this.#head) this.#waiting.splice(this.#first, 1);
    else {
      this.#head += 1;
      this.#first += 1;
    }
  }

  #sort(): void {
    // Of many, moving all for each that leaves costs more than the upload.
    if (this.#sorted && this.#head < manyPassed) return;
    this.#waiting.splice(0, this.#head);
    this.#head = 0;
    if (!this.#sorted) this.#waiting.sort((a, b) => a.order - b.order);
    this.#sorted = true;
  }
}
