/**
 * `npm test`: sets up, checks and tests everything, and ends with the totals. With arguments
 * (`unit`, `integration`, `e2e`, a file, or any option of Vitest) it runs only those tests.
 */
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, isBuildFresh } from './build.mjs';
import { hasDisplay, startVirtualDisplay } from './display.mjs';
import { electronEnvironment } from './electron-binary.mjs';
import { whyNoKeyring, withKeyring } from './keyring.mjs';
import { prepare } from './prepare.mjs';
import { rootDirectory, run, say, SetupError } from './run.mjs';
import { addTotals, emptyTotals, reportTotals } from './totals.mjs';

const projects = ['unit', 'integration', 'e2e'];
const chosen = process.argv.slice(2);
const isFullRun = chosen.length === 0;
const totals = emptyTotals();
const tool = (/** @type {string} */ path) => join(rootDirectory, 'node_modules', path);

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, () => process.exit(1));

try {
  await main();
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  totals.failed.push('set-up');
}
process.exit(reportTotals(totals));

async function main() {
  const { distribution, noElectron } = await prepare('test');
  const wantsApp = isFullRun || chosen.some((argument) => argument.includes('e2e'));
  let noApp = noElectron && `no Electron: ${noElectron.split('\n')[0]}`;
  if (isFullRun || (wantsApp && !isBuildFresh())) {
    const isBuilt = await check('build', build, false);
    if (!isBuilt) noApp = 'the build failed';
  }
  if (isFullRun) {
    await check('type-check', () => run(process.execPath, [tool('svelte-check/bin/svelte-check'), '--tsconfig', 'tsconfig.json', '--fail-on-warnings', '--output', 'human']));
    await check('lint', () => run(process.execPath, [tool('eslint/bin/eslint.js'), '.', '--max-warnings', '0']));
  }

  const display = wantsApp && !noApp ? await openDisplay() : { env: {}, why: null };
  noApp ||= display.why;
  const env = { ...process.env, ...electronEnvironment(distribution), ...display.env };
  if (wantsApp && noApp) await skipAppTests(noApp, env);
  const selected = projects.filter((name) => !projects.some((one) => chosen.includes(one)) || chosen.includes(name));
  const runnable = selected.filter((name) => name !== 'e2e' || (wantsApp && !noApp));
  if (runnable.length > 0) await runTests(runnable, env);
}

/**
 * One step that passes or fails as a whole; what it says is shown only if it fails.
 * @param {string} name
 * @param {() => Promise<{ code: number, output: string }>} step
 * @param {boolean} isTest Whether passing counts; a build is only a failure or nothing.
 */
async function check(name, step, isTest = true) {
  const startedAtMs = Date.now();
  const { code, output } = await step();
  if (code === 0) {
    say(`${name}: passed (${Math.round((Date.now() - startedAtMs) / 1000)} s)`);
    if (isTest) totals.passed += 1;
    return true;
  }
  console.log(output.trim());
  say(`${name}: FAILED`);
  totals.failed.push(name);
  return false;
}

/** Windows that open and close would disturb whoever works here, so even a desktop gets a virtual one. */
async function openDisplay() {
  if (process.platform !== 'linux') return { env: {}, why: null };
  try {
    return { env: (await startVirtualDisplay()).env, why: null };
  } catch (error) {
    return { env: {}, why: hasDisplay() ? null : /** @type {Error} */ (error).message };
  }
}

/**
 * @param {readonly string[]} projectNames
 * @param {Record<string, string | undefined>} env
 */
async function runTests(projectNames, env) {
  const noKeyring = whyNoKeyring();
  if (noKeyring) say(`The tests run without a keychain: ${noKeyring}.`);
  const results = join(rootDirectory, 'test/results');
  const totalsFile = join(results, 'totals.json');
  await mkdir(results, { recursive: true });
  await rm(totalsFile, { force: true });

  const filters = chosen.filter((argument) => !projects.includes(argument));
  const vitest = [tool('vitest/vitest.mjs'), 'run', ...projectNames.flatMap((name) => ['--project', name]), ...filters];
  const plain = { command: process.execPath, args: vitest, env: { DBUS_SESSION_BUS_ADDRESS: 'disabled:' }, remove: () => undefined };
  const session = noKeyring ? plain : withKeyring(process.execPath, vitest);
  process.once('exit', session.remove);
  const { code } = await run(session.command, session.args, {
    inherit: true,
    env: { ...env, ...session.env, COS_FERRY_TEST_KEYCHAIN: noKeyring ?? 'ready', COS_FERRY_TEST_TOTALS: totalsFile },
  });
  try {
    const found = JSON.parse(readFileSync(totalsFile, 'utf8'));
    addTotals(totals, found);
    // Vitest also fails for what belongs to no test, such as a filter that matches none.
    if (code !== 0 && found.failed.length === 0) totals.failed.push(`the test run itself (exit code ${code})`);
  } catch {
    totals.failed.push(`the test run did not finish (exit code ${code})`);
  }
}

/**
 * Counts the tests of the app by name, without running them.
 * @param {string} reason
 * @param {Record<string, string | undefined>} env
 */
async function skipAppTests(reason, env) {
  const list = join(rootDirectory, 'test/results/e2e.json');
  const { code, output } = await run(process.execPath, [tool('vitest/vitest.mjs'), 'list', '--project', 'e2e', `--json=${list}`], { env });
  if (code !== 0) {
    console.log(output.trim());
    totals.failed.push('listing the end-to-end tests');
    return;
  }
  const tests = JSON.parse(await readFile(list, 'utf8'));
  totals.skipped.push(...tests.map((/** @type {{ name: string }} */ { name }) => ({ name: `e2e > ${name}`, reason })));
}
