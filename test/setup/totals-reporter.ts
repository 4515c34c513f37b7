import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

/** As in totals.mjs, which adds these up. */
interface Totals {
  passed: number;
  readonly failed: string[];
  readonly skipped: { readonly name: string; readonly reason: string }[];
}

/**
 * Writes the totals to the file named by COS_FERRY_TEST_TOTALS, if it is set. Vitest's own JSON
 * reporter leaves out why a test was skipped, and what went wrong outside of any test.
 */
export class TotalsReporter implements Reporter {
  #isFiltered = false;

  onInit(vitest: Vitest): void {
    this.#isFiltered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly { readonly message: string }[]): void {
    const path = process.env['COS_FERRY_TEST_TOTALS'];
    if (path === undefined) return;
    const totals: Totals = { passed: 0, failed: [], skipped: [] };
    for (const module of modules) {
      for (const group of [module, ...module.children.allSuites()]) {
        for (const error of group.errors()) totals.failed.push(`${nameOf(group)}: ${firstLine(error.message)}`);
      }
      for (const test of module.children.allTests()) this.#count(totals, test);
    }
    for (const error of unhandledErrors) totals.failed.push(`outside of a test: ${firstLine(error.message)}`);
    writeFileSync(path, JSON.stringify(totals));
  }

  #count(totals: Totals, test: TestCase): void {
    const result = test.result();
    const name = nameOf(test);
    if (result.state === 'passed') totals.passed += 1;
    else if (result.state === 'failed') totals.failed.push(name);
    // A test behind a failed beforeAll is reported as skipped, but nobody chose to skip it.
    else if (result.state !== 'skipped' || isBehindFailure(test)) totals.failed.push(`${name}: did not run`);
    else if (result.note !== undefined || !this.#isFiltered) totals.skipped.push({ name, reason: result.note ?? test.options.mode });
  }
}

function isBehindFailure(test: TestCase): boolean {
  for (let group = test.parent; ; group = group.parent) {
    if (group.errors().length > 0) return true;
    if (group.type === 'module') return false;
  }
}

function nameOf(task: TestModule | TestSuite | TestCase): string {
  return task.type === 'module' ? task.relativeModuleId : `${task.module.relativeModuleId} > ${task.fullName}`;
}

function firstLine(text: string | undefined): string {
  return text?.split('\n')[0] ?? 'an error without words';
}
