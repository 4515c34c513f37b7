import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Destination } from '../../preload/contract.ts';
import { dropFiles, launchApp, request, startAtOnce, type RunningApp } from '../setup/app-driver.ts';
import { dataSet } from './data.ts';

const rows = 10_000;
const measureMs = 8_000;
/** At the 99th percentile, for main's event loop and the window's frames alike. */
const goalMs = 20;

const ms: Destination = { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null };
const car: Destination = { ...ms, service: 'car', applicationId: 'app-sandbox' };

/** Milliseconds at the 50th and 99th percentile, and the most. */
type Spread = readonly [median: number, p99: number, most: number];

/**
 * How smooth the real app stays, on the display of this process: main's event-loop delay and the
 * window's frames, with ten thousand rows in the list, into the sandbox on this computer. Prints a
 * table as Markdown; the figures mean little where others load the machine.
 */
export async function benchWindow(): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'cos-ferry-bench-window-'));
  const [large, build] = [await dataSet('2-gib', false), await dataSet('mixed-build', false)];
  const app = await launchApp({ userDataDirectory: path.join(directory, 'user-data') });
  try {
    const { page } = app;
    await startAtOnce(page);
    const files = await smallFiles(path.join(directory, 'many'));
    console.log('|  | main p50 | main p99 | main most | frames p50 | frames p99 | frames most | by their own time p99 | most |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
    await row(app, 'nothing to do');
    await request(page, 'setDestination', ms);
    await dropFiles(page, files);
    await row(app, `sending ${rows} small files, a row each`);
    await scroll(page);
    await row(app, 'the same, while the list is scrolled');
    await page.waitForFunction(() => !document.querySelector('[role=progressbar]'), undefined, { timeout: 300_000, polling: 1000 });
    await scroll(page);
    await row(app, 'the list is scrolled, and nothing sent');
    await dropFiles(page, [large.path]);
    await row(app, `sending one file of 2 GiB, ${rows} rows`);
    await request(page, 'setDestination', car);
    await dropFiles(page, [build.path]);
    await row(app, `packing and sending a build of 1 GiB, ${rows} rows`);
    console.log(`\nMilliseconds; goal: p99 below ${goalMs}. Frames are measured from one's callback to the next one's; by the time each is drawn for, what is longer than the display's period was missed.`);
  } finally {
    app.electron.process().kill('SIGKILL');
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function smallFiles(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const files = Array.from({ length: rows }, (_, index) => path.join(folder, `build-${index}.txt`));
  for (const file of files) await writeFile(file, file);
  return files;
}

async function row({ page, evaluateInMain }: RunningApp, what: string): Promise<void> {
  await evaluateInMain(() => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    Object.assign(globalThis, { benchDelay: delay });
  });
  const [frames, ownTimes] = await page.evaluate((forMs) => new Promise<[number[], number[]]>((resolve) => {
    const taken: number[] = [];
    const drawnFor: number[] = [];
    const begun = performance.now();
    let last = begun;
    let lastDrawnFor: number | null = null;
    const frame = (timeMs: number): void => {
      const now = performance.now();
      taken.push(now - last);
      if (lastDrawnFor !== null) drawnFor.push(timeMs - lastDrawnFor);
      [last, lastDrawnFor] = [now, timeMs];
      if (now - begun < forMs) requestAnimationFrame(frame);
      else resolve([taken, drawnFor]);
    };
    requestAnimationFrame(frame);
  }), measureMs);
  const main = await evaluateInMain((): Spread => {
    const { benchDelay: delay } = globalThis as unknown as { benchDelay: import('node:perf_hooks').IntervalHistogram };
    delay.disable();
    return [delay.percentile(50) / 1e6, delay.percentile(99) / 1e6, delay.max / 1e6];
  });
  console.log(`| ${what} | ${[...main, ...spread(frames), ...spread(ownTimes).slice(1)].map((each) => each.toFixed(1)).join(' | ')} |`);
}

function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return [at(0.5), at(0.99), at(1)];
}

async function scroll(page: Page): Promise<void> {
  await page.evaluate((forMs) => {
    const list = document.querySelector('.rows');
    const end = performance.now() + forMs;
    const step = (): void => {
      list?.scrollBy(0, 40);
      if (performance.now() < end) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }, measureMs);
}
