import { SvelteMap } from 'svelte/reactivity';
import type { ApplicationView, Bridge } from '../../preload/contract.ts';

/** What is known of an account's applications. refused: its key may not list them. */
export interface ApplicationList {
  readonly state: 'loading' | 'ready' | 'refused' | 'failed';
  /** While it is loaded anew, those of before. */
  readonly applications: readonly ApplicationView[];
}

const freshMs = 60_000;
const none: ApplicationList = { state: 'loading', applications: [] };

/** The applications of each account, asked for when somebody wants to choose one. */
export class Applications {
  readonly #bridge: Pick<Bridge, 'listApplications'>;
  readonly #lists = new SvelteMap<string, ApplicationList & { readonly askedAtMs: number }>();

  constructor(bridge: Pick<Bridge, 'listApplications'>) {
    this.#bridge = bridge;
  }

  of(accountId: string): ApplicationList {
    return this.#lists.get(accountId) ?? none;
  }

  /** Asks main, unless it has just been asked. */
  async load(accountId: string): Promise<void> {
    const askedAtMs = performance.now();
    if (askedAtMs - (this.#lists.get(accountId)?.askedAtMs ?? -Infinity) < freshMs) return;
    this.#lists.set(accountId, { ...this.of(accountId), state: 'loading', askedAtMs });
    const reply = await this.#bridge.listApplications(accountId);
    if (reply.ok) {
      this.#lists.set(accountId, { state: 'ready', applications: reply.value, askedAtMs });
      return;
    }
    const { code } = reply.problem;
    const refused = code === 'key-not-permitted' || code === 'operation-denied';
    this.#lists.set(accountId, { ...this.of(accountId), state: refused ? 'refused' : 'failed', askedAtMs: -Infinity });
  }
}
