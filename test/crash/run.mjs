import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { rootDirectory } from '../setup/run.mjs';

// The full crash test: as many rounds as the first argument says, 100 by default, under a keychain of its own.
const rounds = process.argv[2] ?? '100';
const test = spawn(process.execPath, [join(rootDirectory, 'test/setup/test.mjs'), 'test/integration/cli-crash.test.ts'], {
  cwd: rootDirectory,
  stdio: 'inherit',
  env: { ...process.env, COS_FERRY_CRASH_ROUNDS: rounds },
});
test.on('close', (code) => { process.exitCode = code ?? 1; });
