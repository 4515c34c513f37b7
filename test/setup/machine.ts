import { beforeEach } from 'vitest';

const told = process.env['COS_FERRY_TEST_KEYCHAIN'];

/**
 * Why there is no keychain that tests may write to, or null where there is one. `npm test` says
 * which, because on Linux it brings a private one; started in another way, tests leave it alone.
 */
export const noKeychain: string | null =
  told === 'ready' ? null : (told ?? 'no private keychain; `npm test -- <file>` brings one');

/** Skips every test of the surrounding block, naming the reason, unless that is null. */
export function skipWith(reason: string | null): void {
  beforeEach((context) => {
    if (reason !== null) context.skip(reason);
  });
}
