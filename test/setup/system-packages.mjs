import { spawnSync } from 'node:child_process';
import { run, say } from './run.mjs';

/**
 * What Electron's libraries, its keychain and its virtual display are called in Debian. In a list
 * any one will do: newer releases renamed some libraries.
 */
const toRun = [
  'libnss3', ['libgtk-3-0t64', 'libgtk-3-0'], 'libgbm1', ['libasound2t64', 'libasound2'],
  'libnotify4', 'libsecret-1-0', 'libxtst6', 'xvfb', 'dbus', 'gnome-keyring',
  'fonts-liberation', 'fonts-noto-cjk', 'fonts-noto-color-emoji',
];
/** What the tests check archives and names with. */
const toTest = ['unzip', 'p7zip-full', 'python3', 'procps'];

/** The same elsewhere, for the hint. A command tells whether they are there. */
const commands = ['Xvfb', 'dbus-run-session', 'gnome-keyring-daemon', 'unzip', '7z', 'python3'];
const installers = {
  dnf: 'sudo dnf install nss gtk3 mesa-libgbm alsa-lib libnotify libsecret libXtst xorg-x11-server-Xvfb dbus-daemon gnome-keyring liberation-fonts google-noto-sans-cjk-fonts google-noto-color-emoji-fonts unzip p7zip p7zip-plugins python3 procps-ng',
  zypper: 'sudo zypper install mozilla-nss libgtk-3-0 libgbm1 libasound2 libnotify4 libsecret-1-0 libXtst6 xorg-x11-server-Xvfb dbus-1 gnome-keyring liberation-fonts google-noto-sans-cjk-fonts noto-coloremoji-fonts unzip 7zip python3 procps',
  pacman: 'sudo pacman -S --needed nss gtk3 mesa alsa-lib libnotify libsecret libxtst xorg-server-xvfb dbus gnome-keyring ttf-liberation noto-fonts-cjk noto-fonts-emoji unzip p7zip python procps-ng',
};

/**
 * Installs the few system packages where that is possible (Debian and its kin, as root) and
 * otherwise prints the command that does it and goes on: what they are needed for may not come up.
 * @param {'run' | 'test'} purpose
 */
export async function installSystemPackages(purpose) {
  if (process.platform !== 'linux') return;
  if (!isInstalled('apt-get')) return hintElsewhere();
  const wanted = missingPackages(purpose === 'test' ? [...toRun, ...toTest] : toRun);
  if (wanted.length === 0) return;
  if (process.getuid?.() !== 0) {
    say(`Some system packages are missing; without them a part may not run. To install them:\n  sudo apt-get install --no-install-recommends ${wanted.map(knownName).join(' ')}`);
    return;
  }
  say(`Installing ${wanted.length} system packages…`);
  // Refused by one mirror of several, the update has still done what it could.
  await apt(['update', '-qq']);
  const { code, output } = await apt(['install', '-y', '-qq', '--no-install-recommends', ...wanted.map(knownName)]);
  if (code !== 0) say(`They could not be installed; without them a part may not run.\n${output.trim()}`);
}

/**
 * @param {readonly (string | string[])[]} needs
 * @returns {string[][]} For each missing one, the names that would do.
 */
function missingPackages(needs) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Package}\n'], { encoding: 'utf8' });
  const installed = new Set(stdout.split('\n').filter((line) => line.startsWith('ii')).map((line) => line.split(' ').at(-1)));
  return needs.map((need) => [need].flat()).filter((names) => !names.some((name) => installed.has(name)));
}

/** The name this release has, or else the oldest. */
function knownName(/** @type {string[]} */ names) {
  return names.find((name) => spawnSync('apt-cache', ['show', name]).status === 0) ?? names.at(-1) ?? '';
}

function apt(/** @type {string[]} */ args) {
  return run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

function hintElsewhere() {
  const missing = commands.filter((command) => !isInstalled(command));
  if (missing.length === 0) return;
  const hint = Object.entries(installers).find(([command]) => isInstalled(command))?.[1];
  say(`${missing.join(', ')} not found; without them a part may not run.${hint ? ` To install all that is needed:\n  ${hint}` : ''}`);
}

function isInstalled(/** @type {string} */ command) {
  return spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;
}
