import { setFlagsFromString } from 'node:v8';
import { keychainArgument } from './cli/keychain-process.ts';
import { commandArguments } from './command-arguments.ts';
import { beginThreads } from './uploads/begin-threads.ts';

const isPlainNode = process.versions['electron'] === undefined;
const args = commandArguments(process.argv) ?? process.argv.slice(2);

// Each loads only what it needs: the process that asks the keychain has to be there at once.
if (args[0] === keychainArgument && process.send) {
  const { answerForKeychain } = await import('./cli/answer-for-keychain.ts');
  await answerForKeychain();
} else {
  // Electron crashes where a process exits while one of its threads still begins, as a command does that is refused.
  if (isPlainNode && (args[0] === 'upload' || args[0] === 'resume')) beginThreads();
  const { commandLine } = await import('./cli/command-line.ts');
  // A command is over soon: what V8 optimizes at the usual pace, in every thread, would be a quarter of its CPU
  // and never pay. Not any sooner: with another flag than it was built with, Node compiles its own modules anew,
  // 20 ms for each thread that begins. Electron's V8 is another, and may have fixed its flags by now.
  if (isPlainNode) setFlagsFromString('--interrupt-budget=1000000');
  await commandLine(args);
}
