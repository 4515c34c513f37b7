/** Runs take.ts, which plain Node 20 cannot: it takes vite for it, which is there by now. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = fileURLToPath(new URL('take.ts', import.meta.url));
try {
  const { module } = await runnerImport(path, { configFile: false, logLevel: 'error' });
  process.exit(await module.takeScreenshots(process.argv.slice(2)) ? 0 : 1);
} catch (error) {
  console.error(error);
  process.exit(1);
}
