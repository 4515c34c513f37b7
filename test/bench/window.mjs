/** Runs window.ts, or idle.ts with the argument `idle`, which plain Node 20 cannot: it takes vite for it. */
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const load = (/** @type {string} */ file) => runnerImport(fileURLToPath(new URL(file, import.meta.url)), { configFile: false, logLevel: 'error' });

if (process.argv[2] === 'idle') await (await load('idle.ts')).module.benchIdle();
else await (await load('window.ts')).module.benchWindow();
process.exit(0);
