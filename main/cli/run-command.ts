import path from 'node:path';
import { parseDestination } from '../uploads/accounts.ts';
import { openAccounts } from './accounts.ts';
import type { Command, UploadCommand } from './command.ts';
import type { Console } from './console.ts';
import { exitCodes } from './exit-codes.ts';
import { listUnfinished } from './list-unfinished.ts';
import { stateDirectory } from './places.ts';
import { RunFolder } from './run-folder.ts';
import { openSession } from './session.ts';
import { abortUnfinished, resumeUnfinished } from './unfinished.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Does what a command says and settles with the exit status. Throws UsageErrors, NoKeys and FerryErrors. */
export async function runCommand(command: Command, environment: Environment, console: Console): Promise<number> {
  if (command.kind === 'help') {
    console.out(console.words.usage);
    return exitCodes.done;
  }
  const state = path.resolve(command.stateDirectory ?? stateDirectory(environment));
  if (command.kind === 'list') return listUnfinished(state, command.json, console);
  if (command.kind === 'upload') return upload(command, state, environment, console);
  const accounts = await openAccounts(environment, command.accountLabel, console.redact);
  const work = command.kind === 'resume' ? resumeUnfinished : abortUnfinished;
  return work(command, state, accounts, console);
}

async function upload(command: UploadCommand, state: string, environment: Environment, console: Console): Promise<number> {
  const destination = parseDestination({
    service: command.service, applicationId: command.applicationId, cosRegion: command.region, durationSeconds: null,
  });
  const accounts = await openAccounts(environment, command.accountLabel, console.redact);
  const account = accounts.chosen(command.site);
  const reporter = console.reporter(command.json);
  const folder = await RunFolder.create(state);
  const session = openSession(command, accounts, folder, console, reporter);
  try {
    const { engine } = session;
    const status = await session.toTheEnd(engine.drops.take(command.paths, { account, destination }, command.name));
    // Where the keys were never good nothing was begun, so there is nothing to go on with.
    if (status === exitCodes.noKeys && [...engine.list.all()].every(({ state, multipart }) => state.phase === 'failed' && !multipart)) engine.clearFinished();
    return status;
  } finally {
    reporter.end();
    await session.close();
  }
}
