import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

/** Settles once it is so; a test's own timeout is what ends the wait. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!await isSo()) await sleep(5);
}

/** The same for what lasts but a moment: looks in every turn of the event loop. */
export async function turnWhen(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}
