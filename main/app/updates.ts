import type { Log } from '../log.ts';
import { schedule, type Schedule } from './at-most-every.ts';
import { isSigned, type UpdateDescription } from './update-signature.ts';

const firstLookMs = 5_000;
const lookEveryMs = 24 * 3_600_000;

/** Where new versions come from. Everything throws what went wrong. */
export interface UpdateSource {
  /** null where there is nothing newer. */
  check(): Promise<UpdateDescription | null>;
  /** Fetches what the last check found, compares its hash, and from then on installs it when the app quits. */
  download(): Promise<void>;
  /** Installs what was fetched and starts it, in place of exiting. */
  restart(): void;
}

export type UpdateState =
  | { readonly kind: 'idle' | 'checking' }
  | { readonly kind: 'available' | 'downloading' | 'ready'; readonly version: string };

/** What a person is told only because they asked. */
export type UpdateAnswer = 'newest' | 'failed' | 'untrusted';

interface UpdatesOptions {
  readonly source: UpdateSource;
  readonly publicKey: string;
  /** A version that was not there before. */
  readonly announce: (version: string) => void;
  readonly ask: (version: string) => Promise<'now' | 'when-quitting' | 'later'>;
  readonly tell: (answer: UpdateAnswer) => void;
  readonly quit: () => void;
  readonly changed: () => void;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly wait?: Schedule;
}

/** New versions of the app: looked for by itself, fetched and installed only when the person says so. */
export class Updates {
  readonly #options: UpdatesOptions;
  #state: UpdateState = { kind: 'idle' };
  #announced: string | null = null;
  #restartWanted = false;

  constructor(options: UpdatesOptions) {
    this.#options = options;
  }

  get state(): UpdateState {
    return this.#state;
  }

  /** Looks soon after the start and then every day, and says nothing unless there is something. */
  start(): void {
    const wait = this.#options.wait ?? schedule;
    const look = (): void => {
      void this.#look();
      wait(look, lookEveryMs);
    };
    wait(look, firstLookMs);
  }

  /** For the menus: looks where nothing is known yet, asks where something is. Never throws. */
  async choose(): Promise<void> {
    if (this.#state.kind === 'idle') {
      const answer = await this.#look();
      if (answer !== null) this.#options.tell(answer);
    }
    const { state } = this;
    if (state.kind !== 'available' && state.kind !== 'ready') return;
    const choice = await this.#options.ask(state.version);
    if (choice === 'later') return;
    if (!await this.#download()) return this.#options.tell('failed');
    if (choice === 'now') {
      this.#restartWanted = true;
      this.#options.quit();
    }
  }

  /** The person was asked about unfinished uploads and stays: a later quit is only that. */
  stay(): void {
    this.#restartWanted = false;
  }

  /** The last thing before the app exits. True where it is restarted instead. */
  restartIfWanted(): boolean {
    if (!this.#restartWanted || this.#state.kind !== 'ready') return false;
    this.#options.source.restart();
    return true;
  }

  /** null where it found something that can be trusted. */
  async #look(): Promise<UpdateAnswer | null> {
    if (this.#state.kind !== 'idle' && this.#state.kind !== 'available') return null;
    const { source, publicKey, announce, log } = this.#options;
    this.#become({ kind: 'checking' });
    try {
      const description = await source.check();
      if (description === null) return this.#ended('newest');
      if (!isSigned(description, publicKey)) {
        log.warn('An update is not signed with the key of this build, and was refused.');
        return this.#ended('untrusted');
      }
      const { version } = description;
      log.info('A newer version can be installed.', { version });
      this.#become({ kind: 'available', version });
      if (this.#announced !== version) announce(version);
      this.#announced = version;
      return null;
    } catch (error) {
      log.warn('Updates could not be looked for.', error);
      return this.#ended('failed');
    }
  }

  async #download(): Promise<boolean> {
    const state = this.#state;
    if (state.kind === 'ready') return true;
    if (state.kind !== 'available') return false;
    this.#become({ ...state, kind: 'downloading' });
    try {
      await this.#options.source.download();
      this.#become({ ...state, kind: 'ready' });
      return true;
    } catch (error) {
      this.#options.log.warn('The update could not be fetched.', error);
      this.#become(state);
      return false;
    }
  }

  #ended(answer: UpdateAnswer): UpdateAnswer {
    this.#become({ kind: 'idle' });
    return answer;
  }

  #become(state: UpdateState): void {
    this.#state = state;
    this.#options.changed();
  }
}
