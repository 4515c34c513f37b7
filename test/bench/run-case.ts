import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Case } from './cases.ts';
import type { Contender, Stage } from './contender.ts';
import { dataSet, warm, type DataSet, type Expected } from './data.ts';
import { started } from './first-line.ts';
import type { RunFigures } from './goal.ts';
import { measure, type Figures } from './measure.ts';
import { archiveOf } from './peers/ferry.ts';
import { packOnce } from './pack-once.ts';
import { loopback, openShapedLink, whyNoShapedLink, type Place } from './shaped-link.ts';
import { endGroup } from './started.ts';

export interface CaseResult {
  readonly data: DataSet;
  readonly runs: readonly RunFigures[];
  /** Contenders that did not take part or failed, and why. */
  readonly skipped: ReadonlyMap<string, string>;
  /** 10⁶ bytes a second from a client that only writes; null where nothing is sent over the loopback. */
  readonly sinkMegabytesPerSecond: number | null;
}

export interface RunCaseOptions {
  readonly runs: number;
  readonly quick: boolean;
  readonly programs: string;
  readonly say: (what: string) => void;
}

/** Why the case cannot be run here, null where it can. */
export function whyCaseSkipped({ line }: Case): string | null {
  return typeof line === 'string' ? null : whyNoShapedLink();
}

/** Runs every contender of a case in turn, as often as asked. One that fails is left out from then on, by name. */
export async function runCase(one: Case, options: RunCaseOptions): Promise<CaseResult> {
  options.say('data');
  const data = await dataSet(one.data, options.quick);
  const archive = one.packs ? await packOnce(data, options.programs, archiveOf(data.path)) : null;
  const expected: Record<string, Expected> = { ...data.expected, ...(archive ? { 'application.zip': archive } : {}) };
  const scratch = await mkdtemp(path.join(tmpdir(), 'cos-ferry-bench-'));
  const removeScratch = (): void => { rmSync(scratch, { recursive: true, force: true }); };
  process.once('exit', removeScratch);
  const place = typeof one.line === 'string' ? loopback : await openShapedLink(one.line, options.programs);
  try {
    await warm(data);
    const sink = one.line === 'none' ? null : await openSink(place, expected, scratch, options.programs);
    try {
      const rate = sink && place === loopback ? await blast(sink.port, options) : null;
      const stage = { data, programs: options.programs, sink: sink ? `${place.address}:${sink.port}` : '' };
      const { runs, skipped } = await runAll(one, options, place, scratch, stage);
      return { data, runs, skipped, sinkMegabytesPerSecond: rate };
    } finally {
      sink?.close();
    }
  } finally {
    place.close();
    removeScratch();
    process.off('exit', removeScratch);
  }
}

type Shared = Pick<Stage, 'data' | 'programs' | 'sink'>;

async function runAll(one: Case, options: RunCaseOptions, place: Place, scratch: string, shared: Shared): Promise<Pick<CaseResult, 'runs' | 'skipped'>> {
  const runs: Map<string, Figures>[] = [];
  const skipped = new Map<string, string>();
  const archives = new Map<string, number | null>();
  let turns = 0;

  const turn = async (contender: Contender, keepsArchive: boolean): Promise<Figures | null> => {
    const run = `run-${process.pid}-${turns += 1}`;
    const stage: Stage = { ...shared, run, scratch: path.join(scratch, run) };
    await mkdir(stage.scratch);
    try {
      const lostBefore = place.strayLosses();
      const figures = await measure(contender, stage, place.clientPrefix, keepsArchive);
      const strays = place.strayLosses() - lostBefore;
      if (strays > 0) throw new Error(`the line itself could not keep up and lost ${strays} packets`);
      return figures;
    } catch (error) {
      skipped.set(contender.name, (error as Error).message);
      return null;
    } finally {
      await rm(stage.scratch, { recursive: true, force: true });
    }
  };
  const taking = (): readonly Contender[] => one.contenders.filter(({ name }) => !skipped.has(name));

  for (const contender of one.contenders) {
    const why = contender.missing();
    if (why !== null) skipped.set(contender.name, why);
  }
  // How large their archives are is looked at before, so that writing them costs nothing in the runs that count.
  for (const contender of taking().filter(({ writesArchive }) => writesArchive)) {
    options.say(`${contender.name}, its archive`);
    archives.set(contender.name, (await turn(contender, true))?.archiveBytes ?? null);
  }
  for (let number = 1; number <= options.runs; number += 1) {
    const figuresOfRun = new Map<string, Figures>();
    for (const contender of taking()) {
      options.say(`run ${number} of ${options.runs}: ${contender.name}`);
      const figures = await turn(contender, false);
      if (figures) figuresOfRun.set(contender.name, { ...figures, archiveBytes: figures.archiveBytes ?? archives.get(contender.name) ?? null });
    }
    runs.push(figuresOfRun);
  }
  return { runs, skipped };
}

async function openSink(place: Place, expected: Readonly<Record<string, Expected>>, scratch: string, programs: string): Promise<{ readonly port: string; close(): void }> {
  const expectedFile = path.join(scratch, 'expected.json');
  await writeFile(expectedFile, JSON.stringify(expected));
  const [file = process.execPath, ...args] = [...place.sinkPrefix, process.execPath, path.join(programs, 'bench-sink.js'), place.address, expectedFile];
  const { child, firstLine } = await started({ file, args });
  return { port: firstLine, close: () => { endGroup(child); } };
}

const blastBytes = 2 * 1024 ** 3;
const quickBlastBytes = 32 * 1024 ** 2;

async function blast(port: string, { programs, quick }: RunCaseOptions): Promise<number> {
  const { firstLine } = await started({
    file: process.execPath,
    args: [path.join(programs, 'bench-blast.js'), loopback.address, port, String(quick ? quickBlastBytes : blastBytes)],
  });
  return Number(firstLine);
}
