import { keychainArgument } from './cli/keychain-process.ts';

// Each loads only what it needs: the process that asks the keychain has to be there at once.
if (process.argv[2] === keychainArgument && process.send) void import('./cli/answer-for-keychain.ts').then(({ answerForKeychain }) => { answerForKeychain(); });
else void import('./cli/command-line.ts').then(({ commandLine }) => commandLine(process.argv.slice(2)));
