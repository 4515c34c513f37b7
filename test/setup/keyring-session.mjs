/**
 * Runs inside dbus-run-session: starts the keyring, unlocks it, runs the command it was given and
 * ends with its exit code. The daemon goes away with the bus.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const [command = '', ...args] = process.argv.slice(2);

// It forks into the background once it owns its name on the bus and the keyring is open.
const unlock = spawnSync('gnome-keyring-daemon', ['--unlock', '--components=secrets'], {
  input: 'only-for-tests',
  stdio: ['pipe', 'ignore', 'inherit'],
});
if (unlock.status !== 0) {
  console.error('The keyring did not start.');
  process.exit(1);
}

const child = spawn(command, args, { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
process.exit(code ?? 1);
