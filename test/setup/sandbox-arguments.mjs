import { readFileSync } from 'node:fs';

/**
 * What Electron needs on its command line to start from source: Chromium's sandbox refuses to
 * run as root, and an Electron that no package installed has no other than user namespaces, which
 * some systems forbid. An installed COS Ferry has its sandbox.
 * @returns {string[]}
 */
export function sandboxArguments() {
  if (process.platform !== 'linux') return [];
  const isForbidden = process.getuid?.() === 0
    || readSetting('kernel/apparmor_restrict_unprivileged_userns') === '1'
    || readSetting('kernel/unprivileged_userns_clone') === '0';
  return isForbidden ? ['--no-sandbox'] : [];
}

function readSetting(/** @type {string} */ name) {
  try {
    return readFileSync(`/proc/sys/${name}`, 'utf8').trim();
  } catch {
    return null;
  }
}
