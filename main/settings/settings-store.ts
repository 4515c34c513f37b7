import type { FerryError } from '../ferry-error.ts';
import { JsonFile } from './json-file.ts';
import { initialSettings, settingsSchema, type Settings } from './settings.ts';

/** The settings in memory and on disk; a change is on disk when `update` has settled. */
export class SettingsStore {
  readonly #file: JsonFile<Settings>;
  #value: Settings;

  private constructor(file: JsonFile<Settings>, value: Settings) {
    this.#file = file;
    this.#value = value;
  }

  /** Reads the file, or begins with the initial settings; an unreadable one is set aside and reported. */
  static async open(filePath: string, onUnreadable: (error: FerryError) => void): Promise<SettingsStore> {
    const file = new JsonFile(filePath, settingsSchema, initialSettings);
    return new SettingsStore(file, await file.read(onUnreadable));
  }

  get value(): Settings {
    return this.#value;
  }

  /** Takes effect at once; throws `settings-not-saved` where it could not be written. */
  async update(change: Partial<Omit<Settings, 'version'>>): Promise<void> {
    this.#value = { ...this.#value, ...change };
    await this.#file.write(this.#value);
  }
}
