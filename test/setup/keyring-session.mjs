/**
 * Runs inside dbus-run-session: starts the keyring, unlocks it, runs the command it was given and
 * ends, with the command's exit code, both itself and the keyring.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const startTimeoutMs = 15_000;
const [command = '', ...args] = process.argv.slice(2);

const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
  stdio: ['pipe', 'ignore', 'inherit'],
});
process.once('exit', () => daemon.kill());
daemon.stdin.end('only-for-tests');

// Asked for its secrets any earlier, the bus would start a second, locked keyring.
const giveUpAtMs = Date.now() + startTimeoutMs;
while (!ownsItsName()) {
  if (daemon.exitCode !== null || Date.now() > giveUpAtMs) {
    console.error('The keyring did not start.');
    process.exit(1);
  }
  await delay(20);
}

const child = spawn(command, args, { stdio: 'inherit' });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
process.exit(code ?? 1);

function ownsItsName() {
  const { stdout } = spawnSync('dbus-send', [
    '--session', '--print-reply=literal', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets',
  ], { encoding: 'utf8' });
  return stdout?.includes('true') ?? false;
}
