import type { Kept, Restored } from '../uploads/restore.ts';
import type { CliAccounts } from './accounts.ts';
import { UsageError, type Command } from './command.ts';
import type { Console } from './console.ts';
import { exitCodes } from './exit-codes.ts';
import { RunFolder } from './run-folder.ts';
import { openSession, type Session } from './session.ts';

type Chosen = Extract<Command, { kind: 'resume' | 'abort' }>;

/** Goes on with the chosen uploads that processes which are gone have left. */
export function resumeUnfinished(command: Chosen, state: string, accounts: CliAccounts, console: Console): Promise<number> {
  return withUnfinished(command, state, accounts, console, async ({ engine, toTheEnd }, { uploads, listed }) => {
    const failed = [...engine.list.sources()].filter(({ phase }) => phase === 'failed');
    for (const upload of uploads) {
      if (upload.state.phase === 'failed') engine.queue.retry(upload);
      else engine.queue.resume(upload);
    }
    // Of a drop that was not looked at to its end there are more by now.
    const readAgain = Promise.all(failed.flatMap(({ id, accountId }) => {
      const account = accounts.find(accountId);
      return account ? engine.drops.readAgain(id, account) : [];
    }));
    return toTheEnd(Promise.all([listed, readAgain]).then(() => {
      for (const upload of engine.list.all()) engine.queue.resume(upload);
    }));
  });
}

/** Gives the chosen uploads up and discards their parts. */
export function abortUnfinished(command: Chosen, state: string, accounts: CliAccounts, console: Console): Promise<number> {
  return withUnfinished(command, state, accounts, console, async ({ engine, tell, toTheEnd, leftBehind }, { listed }) => {
    await listed;
    const uploads = [...engine.list.all()];
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
  work: (session: Session, restored: Restored) => Promise<number>,
): Promise<number> {
  const reporter = console.reporter(command.json);
  const { folder, busy } = await RunFolder.takeOver(state);
  const session = openSession(command, accounts, folder, console, reporter);
  let strange: Kept | null = null;
  let found = 0;
  const unknown = new Set(command.ids);
  try {
    const restored = await session.engine.restore({
      start: false,
      accountOf: (accountId) => accounts.find(accountId),
      isAskedFor: (kept) => {
        if (command.ids.length > 0 && !command.ids.some((id) => kept.id.startsWith(id))) return false;
        found += 1;
        for (const id of command.ids) if (kept.id.startsWith(id)) unknown.delete(id);
        if (accounts.find(kept.accountId)) return true;
        strange = kept;
        return false;
      },
    });
    for (const id of unknown) throw new UsageError('no-such-upload', id);
    if (busy) console.err(`${console.words.busy}\n`);
    if (found === 0 && !command.json) console.err(`${console.words.nothing}\n`);
    const status = await work(session, restored);
    if (strange === null || status > exitCodes.noKeys) return status;
    reporter.failed('key-missing', console.words.otherAccount((strange as Kept).accountLabel));
    return exitCodes.noKeys;
  } finally {
    reporter.end();
    await session.close();
  }
}
