import { readFile, rename } from 'node:fs/promises';
import * as v from 'valibot';
import { FerryError } from '../ferry-error.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** One JSON file with a schema: read whole, written whole and atomically, readable by its user only. */
export class JsonFile<T> {
  readonly #path: string;
  readonly #schema: v.GenericSchema<unknown, T>;
  readonly #empty: T;
  #writing: Promise<void> = Promise.resolve();

  constructor(filePath: string, schema: v.GenericSchema<unknown, T>, empty: T) {
    this.#path = filePath;
    this.#schema = schema;
    this.#empty = empty;
  }

  /**
   * The content, or `empty` where there is no file yet. A file that cannot be understood is set
   * aside under another name, never overwritten, and reported through `onUnreadable`.
   */
  async read(onUnreadable: (error: FerryError) => void): Promise<T> {
    let text: string;
    try {
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return this.#empty;
      throw this.#unreadable(error);
    }
    try {
      return v.parse(this.#schema, JSON.parse(text));
    } catch (error) {
      await rename(this.#path, `${this.#path}.unreadable-${Date.now()}`);
      onUnreadable(this.#unreadable(error));
      return this.#empty;
    }
  }

  /** Writes after all earlier writes; throws a FerryError `settings-not-saved`. */
  write(value: T): Promise<void> {
    const text = `${JSON.stringify(value, null, 2)}\n`;
    const writing = this.#writing.then(() => this.#replace(text));
    this.#writing = writing.catch(() => undefined);
    return writing;
  }

  async #replace(text: string): Promise<void> {
    try {
      await writeFileAtomically(this.#path, text);
    } catch (error) {
      throw new FerryError({
        code: 'settings-not-saved',
        params: { file: this.#path },
        detail: (error as Error).message,
      }, { cause: error });
    }
  }

  #unreadable(error: unknown): FerryError {
    return new FerryError({
      code: 'settings-unreadable',
      params: { file: this.#path },
      detail: error instanceof SyntaxError ? 'not valid JSON' : (error as Error).message,
    }, { cause: error });
  }
}
