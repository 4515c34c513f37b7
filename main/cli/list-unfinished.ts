import path from 'node:path';
import { DropJournal } from '../uploads/drop-journal.ts';
import type { OpenDrop } from '../uploads/drop-record.ts';
import { Journal } from '../uploads/journal.ts';
import type { JournalEntry } from '../uploads/journal-entry.ts';
import type { Console } from './console.ts';
import { exitCodes } from './exit-codes.ts';
import { runFolders } from './run-folder.ts';
import { RunLock } from './run-lock.ts';

const shownOfId = 8;

type Row = Pick<JournalEntry, 'id' | 'name' | 'intent' | 'destination' | 'paths' | 'multipart'> & {
  readonly problem: NonNullable<JournalEntry['failure']>['problem'] | null;
  readonly accountLabel: string;
  readonly addedAtMs: number;
};

/** Shows every upload that is not done, those that another process works on included. Needs no keys. */
export async function listUnfinished(state: string, json: boolean, console: Console): Promise<number> {
  let count = 0;
  for (const directory of await runFolders(state)) {
    const inProgress = await RunLock.isHeld(directory);
    for (const { id, name, intent, problem, destination, paths, multipart, accountLabel, addedAtMs } of await rowsOf(directory)) {
      count += 1;
      const state = inProgress ? 'working' : intent;
      if (!json) {
        const reason = problem && !inProgress ? ` (${problem.serviceCode ?? problem.code})` : '';
        console.out(`${id.slice(0, shownOfId)}  ${console.words.state[state]}${reason}  ${destination.service}  ${name}\n`);
        continue;
      }
      console.out(`${JSON.stringify({
        event: 'unfinished', id, name, state: state === 'working' ? 'in-progress' : state,
        service: destination.service, applicationId: destination.applicationId || null,
        account: accountLabel, paths, addedAt: new Date(addedAtMs).toISOString(),
        bucket: multipart?.bucket ?? null, key: multipart?.key ?? null, uploadId: multipart?.uploadId ?? null,
        code: problem?.code ?? null, requestId: problem?.requestId ?? null,
      })}\n`);
    }
  }
  if (count === 0 && !json) console.err(`${console.words.nothing}\n`);
  return exitCodes.done;
}

async function rowsOf(directory: string): Promise<readonly Row[]> {
  const entries = await new Journal(directory).peek();
  const own = new Set(entries.map(({ id }) => id));
  return [
    ...(await new DropJournal(directory).peek()).flatMap((drop) => rowsOfDrop(drop).filter(({ id }) => !own.has(id))),
    ...entries.map((entry) => ({ ...entry, problem: entry.failure?.problem ?? null, accountLabel: entry.source.accountLabel, addedAtMs: entry.source.addedAtMs })),
  ];
}

function rowsOfDrop({ record, ended, standings }: OpenDrop): readonly Row[] {
  const { id, paths, listing, destination, addedAtMs, account: { label: accountLabel } } = record;
  const shared = { destination, addedAtMs, accountLabel, multipart: null };
  // One that was not looked at to its end is shown as one.
  if (!listing) return [{ ...shared, id, name: nameOf(paths), paths, intent: 'running', problem: null }];
  const uploads = listing.uploads.map((upload) => {
    const { intent, failure } = standings.get(upload.id) ?? { intent: upload.failure ? 'failed' : 'running', failure: upload.failure } as const;
    return { ...shared, id: upload.id, name: upload.name, paths: upload.paths, intent, problem: failure?.problem ?? null };
  });
  const sources = listing.sources.filter(({ problem }) => problem !== null)
    .map((source) => ({ ...shared, id: source.id, name: source.name, paths: [source.path], intent: 'failed' as const, problem: source.problem }));
  return [...uploads, ...sources].filter((row) => !ended.has(row.id));
}

function nameOf(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  return others.length === 0 ? path.basename(first) : `${path.basename(first)} + ${others.length}`;
}
