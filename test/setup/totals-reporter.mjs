import { writeFileSync } from 'node:fs';
import { emptyTotals } from './totals.mjs';

/**
 * A Vitest reporter that writes the totals to the file named by COS_FERRY_TEST_TOTALS. Its own
 * JSON reporter leaves out why a test was skipped, and what went wrong outside of any test.
 */
export class TotalsReporter {
  #isFiltered = false;

  onInit(/** @type {import('vitest/node').Vitest} */ vitest) {
    this.#isFiltered = Boolean(vitest.config.testNamePattern);
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly { message: string }[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const path = process.env['COS_FERRY_TEST_TOTALS'];
    if (!path) return;
    const totals = emptyTotals();
    for (const module of modules) {
      for (const group of [module, ...module.children.allSuites()]) {
        for (const error of group.errors()) totals.failed.push(`${nameOf(module, group)}: ${firstLine(error.message)}`);
      }
      for (const test of module.children.allTests()) this.#count(totals, module, test);
    }
    for (const error of unhandledErrors) totals.failed.push(`outside of a test: ${firstLine(error.message)}`);
    writeFileSync(path, JSON.stringify(totals));
  }

  /**
   * @param {import('./totals.mjs').Totals} totals
   * @param {import('vitest/node').TestModule} module
   * @param {import('vitest/node').TestCase} test
   */
  #count(totals, module, test) {
    const result = test.result();
    const name = nameOf(module, test);
    if (result.state === 'passed') totals.passed += 1;
    else if (result.state === 'failed') totals.failed.push(name);
    // A test behind a failed beforeAll is reported as skipped, but nobody chose to skip it.
    else if (result.state !== 'skipped' || isBehindFailure(test)) totals.failed.push(`${name}: did not run`);
    else if (result.note || !this.#isFiltered) totals.skipped.push({ name, reason: result.note ?? test.options.mode });
  }
}

function isBehindFailure(/** @type {import('vitest/node').TestCase} */ test) {
  for (let group = test.parent; ; group = group.parent) {
    if (group.errors().length > 0) return true;
    if (group.type === 'module') return false;
  }
}

/**
 * @param {import('vitest/node').TestModule} module
 * @param {import('vitest/node').TestModule | import('vitest/node').TestSuite | import('vitest/node').TestCase} task
 */
function nameOf(module, task) {
  return task.type === 'module' ? module.relativeModuleId : `${module.relativeModuleId} > ${task.fullName}`;
}

function firstLine(/** @type {string | undefined} */ text) {
  return text?.split('\n')[0] ?? 'an error without words';
}
