import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command, Contender, Stage } from './contender.ts';
import { notInstalled } from './programs-on-path.ts';
import { endGroup, start } from './started.ts';

/** A whole process from its start to its end. */
export interface Figures {
  readonly wallSeconds: number;
  /** User and system time, of its children too; null without GNU time. */
  readonly cpuSeconds: number | null;
  /** The largest resident set of any one of its processes (`ru_maxrss`), in 10⁶ bytes; null without GNU time. */
  readonly peakMegabytes: number | null;
  /** Of the archive it has made; null where it made none, or did not say. */
  readonly archiveBytes: number | null;
}

const gnuTime = '/usr/bin/time';
const patienceMs = 10 * 60_000;
const longestMessage = 300;

/** Why CPU and memory cannot be measured here, null where they can. */
export function whyUnmeasured(): string | null {
  return process.platform === 'linux' ? notInstalled('time') : 'CPU and memory are measured on Linux only';
}

/**
 * Runs a contender once behind `prefix` (of a network namespace). An archive on its standard output
 * is dropped, or kept in a file of the stage's scratch folder where `keepsArchive`. Throws an Error
 * with its last words where it fails.
 */
export async function measure(contender: Contender, stage: Stage, prefix: readonly string[], keepsArchive = false): Promise<Figures> {
  const command = contender.command(stage);
  const timesFile = path.join(stage.scratch, 'times');
  const outputFile = path.join(stage.scratch, 'output');
  const timed = whyUnmeasured() === null ? [gnuTime, '-q', '-f', '%U %S %M', '-o', timesFile] : [];
  const dropped = contender.writesArchive === true && !keepsArchive;
  const output = await open(dropped ? '/dev/null' : outputFile, 'w');
  try {
    const startedAt = performance.now();
    await toItsEnd({ ...command, ...withPrefix([...prefix, ...timed], command) }, output.fd, outputFile);
    const wallSeconds = (performance.now() - startedAt) / 1000;
    const usage = timed.length > 0 ? await readTimes(timesFile) : { cpuSeconds: null, peakMegabytes: null };
    return { wallSeconds, ...usage, archiveBytes: dropped ? null : await archiveBytes(contender, outputFile) };
  } finally {
    await output.close();
  }
}

function withPrefix(prefix: readonly string[], { file, args }: Command): Pick<Command, 'file' | 'args'> {
  const [first, ...rest] = [...prefix, file, ...args];
  return { file: first ?? file, args: rest };
}

function toItsEnd(command: Command, output: number, outputFile: string): Promise<void> {
  const child = start(command, ['ignore', output, 'pipe']);
  let words = '';
  child.stderr?.on('data', (data: Buffer) => { words = (words + data.toString()).slice(-longestMessage); });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { endGroup(child); }, patienceMs);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) {
        resolve();
        return;
      }
      // Some tell their failure to standard output.
      lastLine(outputFile).catch(() => '').then((said) => {
        reject(new Error(`ended with ${signal ?? code}: ${(words.trim().split('\n').at(-1) || said).slice(0, longestMessage)}`));
      }, reject);
    });
  });
}

async function readTimes(file: string): Promise<Pick<Figures, 'cpuSeconds' | 'peakMegabytes'>> {
  const [user = NaN, system = NaN, kibibytes = NaN] = (await readFile(file, 'utf8')).trim().split(' ').map(Number);
  return { cpuSeconds: user + system, peakMegabytes: kibibytes * 1024 / 1e6 };
}

async function archiveBytes(contender: Contender, outputFile: string): Promise<number | null> {
  if (contender.writesArchive) return (await stat(outputFile)).size;
  const last = await lastLine(outputFile);
  return /^\{"bytes":(\d+)/.test(last) ? Number(/\d+/.exec(last)?.[0]) : null;
}

async function lastLine(file: string): Promise<string> {
  return (await readFile(file, 'utf8')).trim().split('\n').at(-1) ?? '';
}
