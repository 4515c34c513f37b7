/** Runs window.ts, which plain Node 20 cannot: it takes vite for it. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const { module } = await runnerImport(fileURLToPath(new URL('window.ts', import.meta.url)), { configFile: false, logLevel: 'error' });
await module.benchWindow();
process.exit(0);
