import { beforeAll, expect, test } from 'vitest';
import { crashRound, type Round } from '../crash/crash-rounds.ts';
import { buildCli } from '../support/cli.ts';

const rounds = Number(process.env['COS_FERRY_CRASH_ROUNDS'] ?? 6);
let cli: string;

beforeAll(async () => { cli = await buildCli('crash'); });

test(`${rounds} uploads whose process is killed at a random moment arrive whole, and only what was in flight is sent twice`, async () => {
  const done: Round[] = [];
  while (done.length < rounds) {
    const round = await crashRound(cli, done.length % 2 === 0 ? 'file' : 'folder', Math.random);
    // One that was faster than its moment proves nothing.
    if (round.crashes.length > 0) done.push(round);
    expect(round.faults, JSON.stringify(round)).toEqual([]);
    expect(round.sentTwice, JSON.stringify(round)).toBeLessThanOrEqual(round.allowed);
  }
  if (rounds > 6) report(done, done.flatMap((round) => round.crashes).length);
}, Math.max(60_000, rounds * 30_000));

function report(done: readonly Round[], crashes: number): void {
  const twice = done.map((round) => round.sentTwice);
  const share = done.map((round) => (round.allowed > 0 ? round.sentTwice / round.allowed : 0));
  process.stdout.write(`${done.length} rounds, ${crashes} kills; sent twice: ${sum(twice)} bytes in all, `
    + `${Math.max(...twice)} at most in a round; at most ${Math.round(Math.max(...share) * 100)} % of the bound.\n`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
