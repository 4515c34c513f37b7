import { beforeAll, describe, expect, test } from 'vitest';
import { crashRound, type Round, type Scopes } from '../crash/crash-rounds.ts';
import { noKeychain, skipWith } from '../setup/machine.ts';
import { buildCli } from '../support/cli.ts';

const rounds = Number(process.env['COS_FERRY_CRASH_ROUNDS'] ?? 12);
const half = Math.ceil(rounds / 2);
const timeoutMs = Math.max(120_000, half * 30_000);
let cli: string;

beforeAll(async () => { cli = await buildCli('crash'); });

async function crash(kinds: readonly Scopes[]): Promise<void> {
  const done: Round[] = [];
  while (done.length < half) {
    const scopes = kinds[Math.floor(done.length / 2) % kinds.length]!;
    const round = await crashRound(cli, done.length % 2 === 0 ? 'file' : 'folder', scopes, Math.random);
    // One that was faster than its moment proves nothing.
    if (round.crashes.length > 0) done.push(round);
    expect(round.faults, JSON.stringify(round)).toEqual([]);
    expect(round.sentTwice, JSON.stringify(round)).toBeLessThanOrEqual(round.allowed);
  }
  if (rounds > 12) for (const scopes of kinds) report(scopes, done.filter((round) => round.scopes === scopes));
}

test(`${half} uploads whose process is killed at a random moment arrive whole, and only what was in flight is sent twice`, () => crash(['stays']), timeoutMs);

describe('where every credential has a scope of its own', () => {
  skipWith(noKeychain);

  test(`${half} more go on under the one in the keychain; where that has ended they start over, say so, and clear away what they can`,
    () => crash(['rotates', 'ends', 'dies']), timeoutMs);
});

function report(scopes: Scopes, done: readonly Round[]): void {
  const twice = done.map((round) => round.sentTwice);
  const share = done.map((round) => (round.allowed > 0 ? round.sentTwice / round.allowed : 0));
  process.stdout.write(`${scopes}: ${done.length} rounds, ${sum(done.map((round) => round.crashes.length))} kills; sent twice: ${sum(twice)} bytes in all, `
    + `${Math.max(...twice)} at most in a round; at most ${Math.round(Math.max(...share) * 100)} % of the bound.\n`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
