import { isDeepStrictEqual } from 'node:util';
import type { DropJournal } from './drop-journal.ts';
import type { DropRecord } from './drop-record.ts';
import type { Journal } from './journal.ts';
import type { JournalEntry } from './journal-entry.ts';

/**
 * Puts on disk how an upload stands: a line in its drop's log, or a file of its own where that line
 * cannot say it, which is where it has begun something at COS, or goes elsewhere than its drop.
 */
export async function saveEntry(entry: JournalEntry, journal: Journal, drops: DropJournal): Promise<void> {
  const { id, source, order, intent, failure } = entry;
  const drop = drops.of(source.id);
  const saidByDrop = drop !== null && intent !== 'cancelled' && entry.multipart === null && !journal.has(id) && goesWith(entry, drop.record);
  await (saidByDrop ? drops.note(source.id, { id, order, intent, failure }) : journal.write(entry));
}

function goesWith({ accountId, destination }: JournalEntry, { account, destination: dropped }: DropRecord): boolean {
  return accountId === account.id && isDeepStrictEqual(destination, dropped);
}
