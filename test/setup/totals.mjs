/**
 * What a run added up to: each failure and each skip with a name, so that none is only a number.
 * @typedef {{ name: string, reason: string }} Skip
 * @typedef {{ passed: number, failed: string[], skipped: Skip[] }} Totals
 */

/** @returns {Totals} */
export function emptyTotals() {
  return { passed: 0, failed: [], skipped: [] };
}

/**
 * @param {Totals} totals
 * @param {Totals} more
 */
export function addTotals(totals, more) {
  totals.passed += more.passed;
  totals.failed.push(...more.failed);
  totals.skipped.push(...more.skipped);
}

/**
 * Prints what did not pass and, as the very last line, the totals. Returns the exit code: in CI
 * (`CI` in the environment) a skip is a failure too, because there it hides one.
 * @param {Totals} totals
 */
export function reportTotals({ passed, failed, skipped }) {
  const inCi = Boolean(process.env['CI']) && process.env['CI'] !== 'false';
  console.log('');
  for (const { name, reason } of skipped) console.log(`skipped: ${name} (${reason})`);
  for (const name of failed) console.log(`failed: ${name}`);
  if (inCi && skipped.length > 0) console.log('In CI nothing may be skipped, so this run fails.');
  console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return failed.length > 0 || (inCi && skipped.length > 0) ? 1 : 0;
}
