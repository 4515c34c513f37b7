import { Journal } from '../uploads/journal.ts';
import type { Console } from './console.ts';
import { exitCodes } from './exit-codes.ts';
import { runFolders } from './run-folder.ts';
import { RunLock } from './run-lock.ts';

const shownOfId = 8;

/** Shows every upload that is not done, those that another process works on included. Needs no keys. */
export async function listUnfinished(state: string, json: boolean, console: Console): Promise<number> {
  let count = 0;
  for (const directory of await runFolders(state)) {
    const inProgress = await RunLock.isHeld(directory);
    for (const { id, name, intent, failure, destination, paths, multipart, source } of await new Journal(directory).peek()) {
      count += 1;
      const state = inProgress ? 'working' : intent;
      if (!json) {
        const reason = failure && !inProgress ? ` (${failure.problem.serviceCode ?? failure.problem.code})` : '';
        console.out(`${id.slice(0, shownOfId)}  ${console.words.state[state]}${reason}  ${destination.service}  ${name}\n`);
        continue;
      }
      console.out(`${JSON.stringify({
        event: 'unfinished', id, name, state: state === 'working' ? 'in-progress' : state,
        service: destination.service, applicationId: destination.applicationId || null,
        account: source.accountLabel, paths, addedAt: new Date(source.addedAtMs).toISOString(),
        bucket: multipart?.bucket ?? null, key: multipart?.key ?? null, uploadId: multipart?.uploadId ?? null,
        code: failure?.problem.code ?? null, requestId: failure?.problem.requestId ?? null,
      })}\n`);
    }
  }
  if (count === 0 && !json) console.err(`${console.words.nothing}\n`);
  return exitCodes.done;
}
