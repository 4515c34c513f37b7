/**
 * `npm run screenshots`: drives the real app through every screen of screens.ts and saves a picture
 * of each, in every language and theme and at two sizes, to test/results/screenshots/. Arguments
 * are the screens to take; the others are gone through all the same.
 */
import { fileURLToPath } from 'node:url';
import { buildWhatChanged } from '../setup/build.mjs';
import { prepare } from '../setup/prepare.mjs';
import { SetupError } from '../setup/run.mjs';
import { runInVirtualSession } from '../setup/virtual-session.mjs';

try {
  const { distribution } = await prepare('run');
  await buildWhatChanged();
  const script = fileURLToPath(new URL('take.mjs', import.meta.url));
  process.exit(await runInVirtualSession(script, process.argv.slice(2), distribution));
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(1);
}
