import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CaseReport } from '../bench/results.ts';

// What figures mean is not looked at: that everything is measured, and whole, is.
const names = ['file', 'files', 'pack-small', 'folder'];
const root = path.resolve(import.meta.dirname, '../..');

function bench(args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, ['test/bench/run.mjs', ...args], { cwd: root }, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode ?? 1, output: stdout + stderr });
    });
  });
}

let directory: string;
let ended: { code: number; output: string };
let reports: readonly CaseReport[];

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-bench-test-'));
  const json = path.join(directory, 'results.json');
  ended = await bench(['--quick', '--runs', '1', '--json', json, ...names.flatMap((name) => ['--case', name])]);
  reports = (JSON.parse(await readFile(json, 'utf8').catch(() => '{"cases":[]}')) as { cases: readonly CaseReport[] }).cases;
});

afterAll(async () => { await rm(directory, { recursive: true, force: true }); });

describe('The benchmark', () => {
  test('runs the cases that were named, to their end', () => {
    expect(ended).toMatchObject({ code: 0, output: expect.stringContaining('### One file of 2 GiB') as string });
    expect(reports.map(({ name }) => name)).toEqual(names);
  });

  test('has figures of everyone who took part, and a reason for everyone else', () => {
    for (const { name, median, skipped } of reports.flatMap(({ contenders }) => contenders)) {
      expect({ name, hasFigures: median !== null && median.wallSeconds > 0 }).toEqual({ name, hasFigures: skipped === null });
      if (skipped !== null) expect(skipped).toMatch(/not installed|is missing/);
    }
  });

  test('knows how fast the sink is, where something is sent', () => {
    for (const { name, sinkMegabytesPerSecond } of reports) {
      expect({ name, known: (sinkMegabytesPerSecond ?? 0) > 0 }).toEqual({ name, known: !name.startsWith('pack') });
    }
  });

  test('says of every goal whether it was met', () => {
    const goals = reports.flatMap((report) => report.goals.map((goal) => ({ report, goal })));
    expect(goals).toHaveLength(6);
    for (const { report, goal } of goals) {
      const peersThere = report.contenders.every(({ skipped }) => skipped === null);
      if (peersThere) expect(goal.met).toBe(goal.measured! <= goal.limit);
    }
  });
});

test('an unknown case is refused with the names there are', async () => {
  const { code, output } = await bench(['--case', 'nothing']);
  expect(code).toBe(1);
  expect(output).toMatch(/no case is called nothing: file, files/);
});
