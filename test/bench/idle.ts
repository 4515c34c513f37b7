import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchApp, request } from '../setup/app-driver.ts';
import { processTree } from '../support/process-tree.ts';

const settleMs = 20_000;
const idleMs = 600_000;
const ticksPerSecond = 100;

/** Of all processes of the app together. */
interface Usage {
  readonly cpuSeconds: number;
  /** What is shared between them counted once. */
  readonly megabytes: number;
}

/**
 * How long the app takes from its start to a window that can be used, and what it costs when it has
 * nothing to do for ten minutes. Linux only. Prints two lines.
 */
export async function benchIdle(): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'cos-ferry-bench-idle-'));
  const startedAtMs = Date.now();
  const app = await launchApp({ userDataDirectory: directory });
  const { page } = app;
  try {
    const usableAtMs = Date.now();
    await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
    const paintedAtMs = await page.evaluate(() => performance.timeOrigin + (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN));
    console.log(`Start to a window that can be used: ${Math.round(Math.max(paintedAtMs, usableAtMs) - startedAtMs)} ms; its first picture after ${Math.round(paintedAtMs - startedAtMs)} ms.`);
    await request(page, 'endFirstRun');
    const pid = app.electron.process().pid ?? 0;
    await sleep(settleMs);
    const before = await usageOf(pid);
    await sleep(idleMs);
    const after = await usageOf(pid);
    const share = (after.cpuSeconds - before.cpuSeconds) / (idleMs / 1000);
    console.log(`Nothing to do for ${idleMs / 60_000} minutes: ${(share * 100).toFixed(2)} % of a core, ${Math.round(after.megabytes)} MB in all processes.`);
  } finally {
    app.electron.process().kill('SIGKILL');
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function usageOf(root: number): Promise<Usage> {
  let [cpuSeconds, megabytes] = [0, 0];
  for (const { pid } of await processTree(root)) {
    const stat = await textOf(`/proc/${pid}/stat`);
    // Behind the name, which may hold anything: the state, the parent, …, user and system time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    cpuSeconds += (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
    megabytes += Number(/^Pss:\s+(\d+) kB/m.exec(await textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1024 / 1e6;
  }
  return { cpuSeconds, megabytes };
}

/** '' where the process has gone. */
function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
