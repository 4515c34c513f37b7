/** Asks the real keychain in a process of its own: `get ACCOUNT` or `set ACCOUNT KEY`; answers with one JSON line. */
import { SystemKeychain } from '../../main/credentials/keychain.ts';
import { toProblem } from '../../main/ferry-error.ts';

const [question, account = '', secretKey = ''] = process.argv.slice(2);
const keychain = new SystemKeychain({ service: 'COS Ferry tests', answerWithinMs: 20_000 });

async function ask(): Promise<unknown> {
  if (question === 'set') return keychain.set(account, secretKey);
  return keychain.get(account);
}

const answer = await ask().then((value) => ({ value: value ?? null }), (error: unknown) => ({ problem: toProblem(error) }));
console.log(JSON.stringify(answer));
