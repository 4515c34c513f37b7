import type { JournalEntry } from '../uploads/journal-entry.ts';
import type { Upload } from '../uploads/upload.ts';
import type { CliAccounts } from './accounts.ts';
import { UsageError, type Command } from './command.ts';
import type { Console } from './console.ts';
import { exitCodes } from './exit-codes.ts';
import { RunFolder } from './run-folder.ts';
import { openSession, type Session } from './session.ts';

type Chosen = Extract<Command, { kind: 'resume' | 'abort' }>;

/** Goes on with the chosen uploads that processes which are gone have left. */
export function resumeUnfinished(command: Chosen, state: string, accounts: CliAccounts, console: Console): Promise<number> {
  return withUnfinished(command, state, accounts, console, async ({ engine, toTheEnd }, uploads) => {
    for (const upload of uploads) {
      if (upload.state.phase === 'failed') engine.queue.retry(upload);
      else engine.queue.resume(upload);
    }
    return toTheEnd();
  });
}

/** Gives the chosen uploads up and discards their parts. */
export function abortUnfinished(command: Chosen, state: string, accounts: CliAccounts, console: Console): Promise<number> {
  return withUnfinished(command, state, accounts, console, async ({ engine, tell, toTheEnd, leftBehind }, uploads) => {
    for (const upload of uploads) engine.queue.cancel(upload);
    engine.clearFinished(({ state: { phase } }) => phase === 'failed');
    const status = await toTheEnd();
    if (status !== exitCodes.done) return status;
    for (const { id, plan } of uploads) tell({ event: 'aborted', id, name: plan.name });
    return leftBehind() ? exitCodes.failed : exitCodes.done;
  });
}

async function withUnfinished(
  command: Chosen, state: string, accounts: CliAccounts, console: Console,
  work: (session: Session, uploads: readonly Upload[]) => Promise<number>,
): Promise<number> {
  const reporter = console.reporter(command.json);
  const { folder, busy } = await RunFolder.takeOver(state);
  const session = openSession(command, accounts, folder, console, reporter);
  let strange: JournalEntry | null = null;
  let found = 0;
  const unknown = new Set(command.ids);
  try {
    const uploads = await session.engine.restore((entry) => {
      if (command.ids.length > 0 && !command.ids.some((id) => entry.id.startsWith(id))) return null;
      found += 1;
      for (const id of command.ids) if (entry.id.startsWith(id)) unknown.delete(id);
      const account = accounts.find(entry.accountId);
      if (!account) strange = entry;
      return account;
    }, false);
    for (const id of unknown) throw new UsageError('no-such-upload', id);
    if (busy) console.err(`${console.words.busy}\n`);
    if (found === 0 && !command.json) console.err(`${console.words.nothing}\n`);
    const status = await work(session, uploads);
    if (strange === null || status > exitCodes.noKeys) return status;
    reporter.failed('key-missing', console.words.otherAccount((strange as JournalEntry).source.accountLabel));
    return exitCodes.noKeys;
  } finally {
    reporter.end();
    await session.close();
  }
}
