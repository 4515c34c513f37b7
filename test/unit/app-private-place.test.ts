import { describe, expect, test } from 'vitest';
import { isPrivatePlace, type Places } from '../../main/app/private-place.ts';
import { UnusualPaths } from '../../main/app/unusual-paths.ts';

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

describe('the person is asked', () => {
  test('about a path of another computer before anybody looks there, and no more about its share once they have agreed', async () => {
    const lookedAt: string[] = [];
    const paths = new UnusualPaths(windows, (path) => {
      lookedAt.push(path);
      return Promise.resolve(path);
    });
    const elsewhere = ['\\\\server\\share\\Game', '//server/share/Game', '\\\\?\\UNC\\server\\share', '\\\\.\\C:\\Users\\me', '\\\\server@80\\DavWWWRoot\\x', '\\Windows'];
    expect(await paths.among([...elsewhere, 'D:\\builds'])).toEqual(elsewhere);
    expect(lookedAt).toEqual(['D:\\builds']);
    paths.agreedTo(['\\\\server\\share\\Game']);
    expect(await paths.among(['\\\\SERVER\\Share\\other.zip', '//server/share/x', '\\\\server\\other\\x', '\\\\server\\share\\.ssh'])).toEqual(['\\\\server\\other\\x', '\\\\server\\share\\.ssh']);
  });

  test('about a link to a private place; not about a drive that another computer lends', async () => {
    const ends: Readonly<Record<string, string>> = { 'D:\\innocent.txt': 'C:\\Users\\me\\.ssh\\id', 'Z:\\Game': '\\\\server\\share\\Game' };
    const paths = new UnusualPaths(windows, (path) => (ends[path] === undefined ? Promise.reject(new Error('ENOENT')) : Promise.resolve(ends[path])));
    expect(await paths.among(['D:\\innocent.txt', 'Z:\\Game', 'D:\\gone'])).toEqual(['D:\\innocent.txt']);
  });
});
