/** `npm run dev`: sets up and opens the app with live reload, on the Electron that set-up has found. */
import { join } from 'node:path';
import { electronEnvironment, electronExecutable } from './electron-binary.mjs';
import { prepare } from './prepare.mjs';
import { rootDirectory, run, SetupError } from './run.mjs';
import { sandboxArguments } from './sandbox-arguments.mjs';

try {
  const { distribution } = await prepare('run');
  const electronVite = join(rootDirectory, 'node_modules/electron-vite/bin/electron-vite.js');
  const noSandbox = sandboxArguments().length > 0 ? ['--noSandbox'] : [];
  const env = { ...process.env, ...electronEnvironment(distribution), ELECTRON_EXEC_PATH: electronExecutable(distribution) };
  const { code } = await run(process.execPath, [electronVite, 'dev', ...noSandbox], { inherit: true, env });
  process.exit(code);
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(1);
}
