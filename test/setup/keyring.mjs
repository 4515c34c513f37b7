import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sessionScript = fileURLToPath(new URL('keyring-session.mjs', import.meta.url));

/**
 * Why no private keychain can be had here, or null. Elsewhere than on Linux there is the
 * system's own, which needs no session.
 * @returns {string | null}
 */
export function whyNoKeyring() {
  if (process.platform !== 'linux') return null;
  const missing = ['dbus-run-session', 'dbus-send', 'gnome-keyring-daemon'].filter((command) => spawnSync(command, ['--version']).error);
  return missing.length > 0 ? `${missing.join(' and ')} not installed` : null;
}

/**
 * Wraps a command so that it runs in a D-Bus session of its own with an unlocked, empty keychain.
 * The data and runtime folders are private ones, so the person's keyring is neither read nor
 * written. `remove` deletes them.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {{ command: string, args: string[], env: Record<string, string | undefined>, remove: () => void }}
 */
export function withKeyring(command, args) {
  if (process.platform !== 'linux') return { command, args: [...args], env: {}, remove: () => undefined };
  // mkdtemp makes folders with mode 0700, which both daemons insist on.
  const directory = mkdtempSync(join(tmpdir(), 'cos-ferry-session-'));
  // The bus tells of every service it starts on stderr, in the middle of the test results.
  const quietBus = join(directory, 'quiet-bus');
  writeFileSync(quietBus, '#!/bin/sh\nexec dbus-daemon "$@" 2>"$0.log"\n', { mode: 0o755 });
  return {
    command: 'dbus-run-session',
    args: [`--dbus-daemon=${quietBus}`, '--', process.execPath, sessionScript, command, ...args],
    env: {
      // Set outside the bus, so that a keyring the bus starts by itself is in them too.
      XDG_DATA_HOME: directory,
      XDG_RUNTIME_DIR: directory,
      GNOME_KEYRING_CONTROL: undefined,
      DBUS_SESSION_BUS_ADDRESS: undefined,
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
