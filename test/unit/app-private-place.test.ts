import { expect, test } from 'vitest';
import { isPrivatePlace, type Places } from '../../main/app/private-place.ts';

const linux: Places = { platform: 'linux', home: '/home/me', userData: '/home/me/.config/COS Ferry', temporary: '/tmp' };
const mac: Places = { platform: 'darwin', home: '/Users/me', userData: '/Users/me/Library/Application Support/COS Ferry', temporary: '/private/var/folders/ab/T' };
const windows: Places = { platform: 'win32', home: 'C:\\Users\\me', userData: 'C:\\Users\\me\\AppData\\Roaming\\COS Ferry', temporary: 'C:\\Users\\me\\AppData\\Local\\Temp' };

test.each<[string, Places]>([
  ['/home/me/.ssh/id_ed25519', linux], ['/home/me/.aws', linux], ['/home/me/work/.env', linux], ['/home/me/.config/COS Ferry/settings.json', linux],
  ['/home/me', linux], ['/home', linux], ['/', linux], ['/etc/passwd', linux], ['/etc', linux], ['/proc/self/environ', linux], ['/root/keys', linux], ['/var', linux],
  ['/tmp/x/.hidden/a.zip', linux], ['/home/me/a/../.ssh', linux],
  ['/Users/me/Library/Keychains/login.keychain-db', mac], ['/Users/me/library/cookies', mac], ['/private/etc/sudoers', mac], ['/Users', mac],
  ['C:\\Users\\me\\AppData\\Local\\Google\\Chrome', windows], ['c:\\users\\ME\\appdata\\roaming', windows], ['C:\\', windows], ['C:\\Windows\\System32\\config', windows], ['C:\\Users\\me\\.ssh', windows],
])('%s is asked about', (path, places) => {
  expect(isPrivatePlace(path, places)).toBe(true);
});

test.each<[string, Places]>([
  ['/home/me/Builds/Game', linux], ['/home/me/Desktop/app.apk', linux], ['/mnt/builds/v1.2.3/Game.zip', linux], ['/tmp/build', linux], ['/home/other/build', linux], ['/srv/etc', linux],
  ['/root/build.zip', { ...linux, home: '/root', userData: '/root/.config/COS Ferry' }],
  ['/Users/me/Movies/Game', mac], ['/Volumes/Builds/Game.app', mac], ['/private/var/folders/ab/T/build', mac],
  ['C:\\Users\\me\\Desktop\\Game', windows], ['D:\\builds', windows], ['C:\\Users\\me\\AppData\\Local\\Temp\\build', windows], ['\\\\server\\share\\Game', windows],
])('%s goes straight', (path, places) => {
  expect(isPrivatePlace(path, places)).toBe(false);
});
