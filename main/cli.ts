import { NoKeys } from './cli/accounts.ts';
import { parseCommand, UsageError, type Command } from './cli/command.ts';
import { openConsole, type Console } from './cli/console.ts';
import { exitCodes } from './cli/exit-codes.ts';
import { runCommand } from './cli/run-command.ts';
import { commandArguments } from './command-arguments.ts';
import { toProblem } from './ferry-error.ts';
import type { ProblemCode } from '../preload/problem-codes.ts';

// What is wrong with the command line itself, whoever found it.
const usageProblems: ReadonlySet<ProblemCode> = new Set([
  'application-id-malformed', 'region-malformed', 'endpoint-invalid', 'cos-domain-invalid',
] as const);
const keyProblems: ReadonlySet<ProblemCode> = new Set(['secret-id-unknown', 'key-missing', 'keychain-locked', 'keychain-unavailable'] as const);

await main(commandArguments(process.argv) ?? process.argv.slice(2), openConsole(process.env));

async function main(args: readonly string[], console: Console): Promise<void> {
  const status = await run(args, console);
  await console.flushed();
  // A connection that is kept alive would keep the process as well.
  process.exit(status);
}

async function run(args: readonly string[], console: Console): Promise<number> {
  let command: Command | null = null;
  try {
    command = parseCommand(args);
    return await runCommand(command, process.env, console);
  } catch (error) {
    return explain(error, command !== null && 'json' in command && command.json, console);
  }
}

function explain(error: unknown, json: boolean, console: Console): number {
  const { words } = console;
  if (error instanceof UsageError) {
    console.err(`${words.mistakes[error.mistake](error.about)}\n\n${words.usage}`);
    return exitCodes.usage;
  }
  const reporter = console.reporter(json);
  if (error instanceof NoKeys) {
    reporter.failed('key-missing', error.label === null ? words.noKeys : words.noAccount(error.label));
    return exitCodes.noKeys;
  }
  const problem = toProblem(error);
  reporter.tell({ event: 'failed', id: null, name: null, problem });
  if (usageProblems.has(problem.code)) return exitCodes.usage;
  return keyProblems.has(problem.code) ? exitCodes.noKeys : exitCodes.failed;
}
