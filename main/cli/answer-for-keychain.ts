import { SystemKeychain, type Keychain } from '../credentials/keychain.ts';
import { toProblem } from '../ferry-error.ts';
import type { KeychainAnswer, KeychainQuestion } from './keychain-process.ts';

/** Answers the questions of the process that has started this one, and ends with it; never settles. */
export function answerForKeychain(): Promise<never> {
  const keychain = new SystemKeychain();
  // A Ctrl-C goes to both; that process may still have something to keep.
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => undefined);
  // Nothing gentler ends a process that the keychain keeps waiting.
  process.on('disconnect', () => { process.kill(process.pid, 'SIGKILL'); });
  process.on('message', (question: KeychainQuestion) => {
    void answerOf(keychain, question).then((answer) => process.send?.(answer));
  });
  return new Promise(() => undefined);
}

async function answerOf(keychain: Keychain, { what, account, secretKey }: KeychainQuestion): Promise<KeychainAnswer> {
  try {
    if (what === 'get') return { value: await keychain.get(account) };
    await (what === 'set' ? keychain.set(account, secretKey) : keychain.delete(account));
    return { value: null };
  } catch (error) {
    return { problem: toProblem(error) };
  }
}
