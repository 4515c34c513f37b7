import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';
import { PackageWorkers } from '../../main/package/package-workers.ts';
import { letThreadsYield } from '../../main/yield-to-window.ts';

/** Of each thread of this process; what it is called may have brackets and spaces in it. */
const nicenesses = () => readdirSync('/proc/self/task').map((id) => {
  const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
});

test.runIf(process.platform === 'linux' && getPriority() < 19)('the threads of the app yield to its window, those of the command line to nobody', async () => {
  const before = nicenesses();
  const { signal } = new AbortController();
  await new PackageWorkers(1).run({ kind: 'look', folders: [] }, signal);
  expect(Math.max(...nicenesses())).toBe(Math.max(...before));
  letThreadsYield();
  await new PackageWorkers(1).run({ kind: 'look', folders: [] }, signal);
  expect(nicenesses().filter((niceness) => niceness > Math.max(...before))).toHaveLength(1);
});
