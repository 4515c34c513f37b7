import { setTimeout as sleep } from 'node:timers/promises';

/** Settles once it is so; a test's own timeout is what ends the wait. */
export async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!await isSo()) await sleep(5);
}
