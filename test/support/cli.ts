import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { build } from 'vite';
import { externalPackages } from '../setup/external-packages.ts';
import { workerModules } from '../setup/worker-modules.ts';
import type { Sandbox } from '../../main/sandbox/sandbox.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Bundles the command line as the build does, into a place of its own, and returns its path. */
export function buildCli(name: string): Promise<string> {
  return buildProgram('main/cli.ts', name);
}

/** Bundles a program to be run by plain Node, and returns its path. */
export async function buildProgram(entry: string, name: string): Promise<string> {
  const outDir = path.join(root, 'out', 'test-cli', name);
  await build({
    root, configFile: false, logLevel: 'warn', plugins: [workerModules()], ssr: { noExternal: true, external: externalPackages },
    build: { ssr: entry, outDir, emptyOutDir: true, target: 'node20', rolldownOptions: { output: { format: 'es', entryFileNames: 'cli.js' } } },
  });
  return path.join(outDir, 'cli.js');
}

export interface CliEnd {
  /** null where a signal has ended it. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of --json. */
  readonly events: readonly Record<string, unknown>[];
}

/** The command line as a process of its own. */
export interface CliRun {
  readonly process: ChildProcess;
  readonly ended: Promise<CliEnd>;
  /** Settles with the first line of --json that fits, or null where the process ends before. */
  event(fits: (event: Record<string, unknown>) => boolean): Promise<Record<string, unknown> | null>;
}

/** `program` is what runs the file; null where that is a program itself. */
export function startCli(cli: string, args: readonly string[], environment: Record<string, string>, program: string | null = process.execPath): CliRun {
  const child = spawn(program ?? cli, program === null ? [...args] : [cli, ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LANG: 'en_US.UTF-8', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const look = new Set<() => void>();
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    for (const each of look) each();
  });
  child.stderr.on('data', (data: Buffer) => { stderr += data.toString(); });
  const ended = once(child, 'close').then(([status]): CliEnd => ({ status: status as number | null, stdout, stderr, events: eventsOf(stdout) }));
  return {
    process: child,
    ended,
    event: (fits) => new Promise((resolve) => {
      const find = (): void => {
        const event = eventsOf(stdout).find(fits);
        if (!event) return;
        look.delete(find);
        resolve(event);
      };
      look.add(find);
      find();
      void ended.then(() => { resolve(eventsOf(stdout).find(fits) ?? null); });
    }),
  };
}

/** What it needs to find the keychain of this process's session. */
export function keychainEnvironment(): Record<string, string> {
  const address = process.env['DBUS_SESSION_BUS_ADDRESS'];
  return address === undefined ? {} : { DBUS_SESSION_BUS_ADDRESS: address };
}

/** What the command line needs to know of a sandbox. */
export function sandboxEnvironment(sandbox: Sandbox): Record<string, string> {
  return {
    TENCENTCLOUD_SECRET_ID: sandbox.accounts[0]!.secretId,
    TENCENTCLOUD_SECRET_KEY: sandbox.accounts[0]!.secretKey,
    COS_FERRY_API_ENDPOINT: sandbox.url,
    COS_FERRY_COS_DOMAIN: sandbox.url,
  };
}

function eventsOf(stdout: string): Record<string, unknown>[] {
  if (!stdout.startsWith('{')) return [];
  return stdout.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Record<string, unknown>);
}
