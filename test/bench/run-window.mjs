/** `npm run bench:window` and `npm run bench:idle`: sets up, builds what changed, and measures the app's window on a display. */
import { fileURLToPath } from 'node:url';
import { buildWhatChanged } from '../setup/build.mjs';
import { prepare } from '../setup/prepare.mjs';
import { SetupError } from '../setup/run.mjs';
import { runInVirtualSession } from '../setup/virtual-session.mjs';

try {
  const { distribution } = await prepare('run');
  await buildWhatChanged();
  process.exit(await runInVirtualSession(fileURLToPath(new URL('window.mjs', import.meta.url)), process.argv.slice(2), distribution));
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(1);
}
