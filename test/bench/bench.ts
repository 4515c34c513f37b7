import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { casesNamed } from './cases.ts';
import { whyUnmeasured } from './measure.ts';
import { parseOptions, usage } from './options.ts';
import { ferry } from './peers/ferry.ts';
import { caseReport, skippedCase, thisMachine, type CaseReport } from './results.ts';
import { runCase, whyCaseSkipped } from './run-case.ts';
import { caseTable, machineLine } from './table.ts';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Runs the cases that the arguments name and prints their tables. Returns whether COS Ferry got to
 * the end of all of them; a goal that was missed is a result, not a failure.
 */
export async function bench(args: readonly string[]): Promise<boolean> {
  let options, chosen;
  try {
    options = parseOptions(args);
    chosen = casesNamed(options.cases);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n${usage}`);
    return false;
  }
  const { runs, quick, json } = options;
  const machine = thisMachine();
  const note = whyUnmeasured();
  const programs = await buildPrograms();
  console.log(`${machineLine(machine)}; medians of ${runs}${quick ? '; small sizes, so the figures mean nothing' : ''}${note === null ? '' : `; ${note}`}\n`);

  const reports: CaseReport[] = [];
  for (const one of chosen) {
    const why = whyCaseSkipped(one);
    const say = (what: string): void => { if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${one.name}: ${what}`); };
    const report = why === null ? caseReport(one, await runCase(one, { runs, quick, programs, say })) : skippedCase(one, why);
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    reports.push(report);
    console.log(caseTable(report));
    // After every case, so that a benchmark that is interrupted has not been for nothing.
    if (json !== null) await writeFile(json, `${JSON.stringify({ at: new Date().toISOString(), machine, runs, quick, cases: reports }, null, 2)}\n`);
  }
  return reports.every(({ contenders }) => contenders.every(({ name, skipped }) => name !== ferry || skipped === null));
}

/** Bundles the app's engine and the benchmark's own programs, for this process alone; returns their folder. */
async function buildPrograms(): Promise<string> {
  const outDir = path.join(root, 'out', `bench-${process.pid}`);
  process.once('exit', () => { rmSync(outDir, { recursive: true, force: true }); });
  await promisify(execFile)(process.execPath, [
    path.join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build',
    '--config', path.join(import.meta.dirname, 'electron.vite.config.ts'), '--outDir', outDir, '--logLevel', 'error',
  ], { cwd: root });
  return path.join(outDir, 'main');
}
