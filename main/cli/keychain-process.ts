import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Problem } from '../../preload/contract.ts';
import { programArguments } from '../command-arguments.ts';
import type { Keychain } from '../credentials/keychain.ts';
import { FerryError, toProblem } from '../ferry-error.ts';

/** Makes the command line's program answer for the keychain, when it is started by itself. */
export const keychainArgument = 'answer-for-the-keychain';

/** What goes to the process that asks the keychain, one at a time. */
export interface KeychainQuestion {
  readonly what: 'get' | 'set' | 'delete';
  readonly account: string;
  readonly secretKey: string;
}

export type KeychainAnswer = { readonly value: string | null } | { readonly problem: Problem };

/**
 * The system's keychain, asked in a process of its own: one that is locked may wait for a password
 * that nobody gives, and until then no process that has asked it can end. After its first failure it
 * is not asked again, so that it holds nothing up twice.
 */
export class KeychainProcess implements Keychain {
  readonly #answerWithinMs: number;
  #child: ChildProcess | null = null;
  #failure: FerryError | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(answerWithinMs: number) {
    this.#answerWithinMs = answerWithinMs;
  }

  /** Why it cannot be used; null as long as nothing speaks against it. */
  get failure(): FerryError | null {
    return this.#failure;
  }

  prepare(): void {
    if (!this.#failure) this.#process();
  }

  get(account: string): Promise<string | null> {
    return this.#inTurn({ what: 'get', account, secretKey: '' });
  }

  async set(account: string, secretKey: string): Promise<void> {
    await this.#inTurn({ what: 'set', account, secretKey });
  }

  async delete(account: string): Promise<void> {
    await this.#inTurn({ what: 'delete', account, secretKey: '' });
  }

  #inTurn(question: KeychainQuestion): Promise<string | null> {
    const answer = this.#last.then(() => this.#ask(question));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #ask(question: KeychainQuestion): Promise<string | null> {
    if (this.#failure) throw this.#failure;
    const answer = await this.#answerTo(question);
    if ('value' in answer) return answer.value;
    this.#failure = new FerryError(answer.problem);
    this.#child?.kill('SIGKILL');
    throw this.#failure;
  }

  async #answerTo(question: KeychainQuestion): Promise<KeychainAnswer> {
    const patience = AbortSignal.timeout(this.#answerWithinMs);
    const settled = new AbortController();
    const signal = AbortSignal.any([patience, settled.signal]);
    try {
      const child = this.#process();
      const answered = once(child, 'message', { signal });
      const ended = once(child, 'exit', { signal }).then(() => { throw new Error('The process that asks the keychain has ended.'); });
      // Whichever comes first, the other one is given up.
      for (const other of [answered, ended]) other.catch(() => undefined);
      child.send(question);
      const [answer] = await Promise.race([answered, ended]) as [KeychainAnswer];
      return answer;
    } catch (error) {
      return { problem: toProblem(new FerryError(patience.aborted
        ? { code: 'keychain-locked', detail: 'The keychain gave no answer.' }
        : { code: 'keychain-unavailable', detail: (error as Error).message })) };
    } finally {
      settled.abort();
    }
  }

  #process(): ChildProcess {
    if (this.#child) return this.#child;
    // Not a fork: the installed program is Electron, which cannot be made to run as Node.
    const child = spawn(process.execPath, [...programArguments(process.argv), keychainArgument], { env: withoutKey(process.env), stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    // It may fail before anything is asked of it.
    child.on('error', () => undefined);
    this.#child = child;
    return child;
  }
}

/** It is told what it keeps, one by one, and nothing beside that. */
function withoutKey({ TENCENTCLOUD_SECRET_KEY: _key, ...environment }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return environment;
}
