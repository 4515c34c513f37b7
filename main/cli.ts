import { keychainArgument } from './cli/keychain-process.ts';
import { commandArguments } from './command-arguments.ts';

const args = commandArguments(process.argv) ?? process.argv.slice(2);

// Each loads only what it needs: the process that asks the keychain has to be there at once.
if (args[0] === keychainArgument && process.send) {
  const { answerForKeychain } = await import('./cli/answer-for-keychain.ts');
  await answerForKeychain();
} else {
  const { commandLine } = await import('./cli/command-line.ts');
  await commandLine(args);
}
