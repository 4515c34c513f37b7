import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import type { Command } from './contender.ts';

// Proxies, certificates and other settings of this machine are no part of what is measured.
const { PATH = '', HOME = '', TMPDIR = '' } = process.env;
const plainEnvironment = { PATH, HOME, ...(TMPDIR === '' ? {} : { TMPDIR }), LANG: 'C.UTF-8' };
const running = new Set<ChildProcess>();
process.once('exit', () => { for (const child of running) endGroup(child); });

/** Starts a command as the head of a process group that does not outlive the benchmark. */
export function start({ file, args, env, cwd }: Command, stdio: NonNullable<SpawnOptions['stdio']>): ChildProcess {
  const child = spawn(file, [...args], { stdio, detached: true, env: { ...plainEnvironment, ...env }, ...(cwd === undefined ? {} : { cwd }) });
  running.add(child);
  child.once('error', () => running.delete(child));
  child.once('close', () => running.delete(child));
  return child;
}

/** Ends a started command with all that it has started itself. */
export function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It was quicker.
  }
}
