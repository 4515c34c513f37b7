/**
 * `npm start`: sets up, builds what changed, and opens the app with the arguments it was given.
 * Where there is no display it shows by script, in a virtual one, that the app works.
 */
import { fileURLToPath } from 'node:url';
import { buildWhatChanged } from './build.mjs';
import { hasDisplay } from './display.mjs';
import { electronExecutable } from './electron-binary.mjs';
import { prepare } from './prepare.mjs';
import { run, say, SetupError } from './run.mjs';
import { sandboxArguments } from './sandbox-arguments.mjs';
import { runInVirtualSession } from './virtual-session.mjs';

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, () => process.exit(1));

try {
  const { distribution } = await prepare('run');
  await buildWhatChanged();
  process.exit(hasDisplay() ? await open(distribution) : await show(distribution));
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(1);
}

async function open(/** @type {string | null} */ distribution) {
  say('Opening COS Ferry…');
  const args = [...sandboxArguments(), '.', ...process.argv.slice(2)];
  const { code } = await run(electronExecutable(distribution), args, { inherit: true });
  return code;
}

function show(/** @type {string | null} */ distribution) {
  say('There is no display here, so the app runs in a virtual one and a script uploads two samples into the sandbox.');
  return runInVirtualSession(fileURLToPath(new URL('demo.mjs', import.meta.url)), [], distribution);
}
