/** Runs bench.ts, which plain Node 20 cannot: it takes vite for it. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

// Ending in 'exit' is what ends the benchmark's processes and namespaces.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.once(signal, () => process.exit(1));

try {
  const { module } = await runnerImport(fileURLToPath(new URL('bench.ts', import.meta.url)), { configFile: false, logLevel: 'error' });
  process.exit(await module.bench(process.argv.slice(2)) ? 0 : 1);
} catch (error) {
  console.error(error);
  process.exit(1);
}
