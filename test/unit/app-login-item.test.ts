import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loginItem } from '../../main/app/login-item.ts';

const noApp = {
  getLoginItemSettings: () => { throw new Error('Linux has none.'); },
  setLoginItemSettings: () => { throw new Error('Linux has none.'); },
};
let home: string;
beforeEach(() => { home = mkdtempSync(path.join(tmpdir(), 'ferry-home-')); });
afterEach(() => { rmSync(home, { recursive: true, force: true }); });

const onLinux = (environment: Record<string, string>, executable = '/opt/COS Ferry/cos-ferry-app') =>
  loginItem(noApp, { platform: 'linux', environment, home, executable });
const entry = (folder = '.config') => readFileSync(path.join(home, folder, 'autostart/cos-ferry.desktop'), 'utf8');

test('on Linux the launcher beside the binary is started at login, without the window', () => {
  const item = onLinux({});
  expect(item.isOn()).toBe(false);
  item.set(true);
  expect(item.isOn()).toBe(true);
  expect(entry()).toContain('Exec="/opt/COS Ferry/cos-ferry" --hidden\n');
  item.set(false);
  expect(item.isOn()).toBe(false);
  item.set(false);
});

test('an AppImage is started by its own name, from the folder that the desktop names', () => {
  onLinux({ APPIMAGE: '/home/me/COS Ferry.AppImage', XDG_CONFIG_HOME: path.join(home, 'other') }).set(true);
  expect(entry('other')).toContain('Exec="/home/me/COS Ferry.AppImage" --hidden\n');
});

test('a path with signs that mean something there is quoted', () => {
  onLinux({ APPIMAGE: '/home/me/a "b" $c `d` 100%\\e' }).set(true);
  expect(entry()).toContain('Exec="/home/me/a \\\\"b\\\\" \\\\$c \\\\`d\\\\` 100%%\\\\\\\\e" --hidden\n');
});

test('Windows and macOS keep it themselves', () => {
  let settings = { openAtLogin: false };
  const item = loginItem(
    { getLoginItemSettings: () => settings as never, setLoginItemSettings: (next) => { settings = next as never; } },
    { platform: 'win32', environment: {}, home, executable: 'C:\\COS Ferry.exe' },
  );
  item.set(true);
  expect(settings).toEqual({ openAtLogin: true, args: ['--hidden'] });
  expect(item.isOn()).toBe(true);
});
