import { setFlagsFromString } from 'node:v8';
import { keychainArgument } from './cli/keychain-process.ts';
import { commandArguments } from './command-arguments.ts';
import { beginThreads } from './uploads/begin-threads.ts';

const args = commandArguments(process.argv) ?? process.argv.slice(2);

// Each loads only what it needs: the process that asks the keychain has to be there at once.
if (args[0] === keychainArgument && process.send) {
  const { answerForKeychain } = await import('./cli/answer-for-keychain.ts');
  await answerForKeychain();
} else {
  if (args[0] === 'upload' || args[0] === 'resume') beginThreads();
  const { commandLine } = await import('./cli/command-line.ts');
  // A command is over soon: what V8 optimizes at the usual pace, in every thread, would be a quarter of its CPU
  // and never pay. Not any sooner: with another flag than it was built with, Node compiles its own modules anew,
  // 20 ms for each thread that begins. Electron's V8 is another, and may have fixed its flags by now.
  if (process.versions['electron'] === undefined) setFlagsFromString('--interrupt-budget=1000000');
  await commandLine(args);
}
