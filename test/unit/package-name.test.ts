import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inNameOrder } from '../../main/package/name-order.ts';
import { isArchiveName, packageName } from '../../main/package/package-name.ts';

const file = (path: string) => ({ path: resolve(path), kind: 'file' as const });
const folder = (path: string) => ({ path: resolve(path), kind: 'folder' as const });
const home = resolve('/home/ming');

describe('a package is named after what was dropped', () => {
  it.each([
    ['a folder', [folder('/builds/Game')], 'Game.zip'],
    ['a folder with a dot', [folder('/builds/Game-1.2')], 'Game-1.2.zip'],
    ['a macOS app', [folder('/builds/Game.app')], 'Game.app.zip'],
    ['a file, without its suffix', [file('/builds/Game.exe')], 'Game.zip'],
    ['a file without a suffix', [file('/builds/LICENSE')], 'LICENSE.zip'],
    ['a hidden file', [file('/builds/.env')], '.env.zip'],
    ['a name in Chinese', [folder('/builds/游戏 发布')], '游戏 发布.zip'],
    ['several of one folder', [file('/builds/out/a.pak'), folder('/builds/out/data')], 'out.zip'],
    ['several of several folders', [file('/builds/out/x/a.pak'), file('/builds/out/y/z/b.pak')], 'out.zip'],
    ['a folder and what is inside it', [folder('/builds/out'), file('/builds/out/y/b.pak')], 'builds.zip'],
    ['several that share the root only', [file('/a/1'), file('/b/2')], 'package.zip'],
    ['several of the home folder', [file('/home/ming/1'), file('/home/ming/2')], 'package.zip'],
    ['the root itself', [folder('/')], 'package.zip'],
    ['folders whose names begin alike', [file('/builds/out/1'), file('/builds/outer/2')], 'builds.zip'],
    ['a folder whose name begins with dots', [file('/builds/1'), file('/builds/..x/2')], 'builds.zip'],
  ])('%s', (_what, items, name) => {
    expect(packageName(items, home)).toBe(name);
  });
});

it('archives the service takes as they are are told by their suffix, in any case', () => {
  const names = ['a.zip', 'A.ZIP', 'b.rar', 'c.7z', 'C.7Z', 'd.tar.gz', 'zip', 'a.zip.exe', '.zipx'];
  expect(names.filter(isArchiveName)).toEqual(['a.zip', 'A.ZIP', 'b.rar', 'c.7z', 'C.7Z']);
});

it('names are ordered by their UTF-8 bytes, where JavaScript would order emoji before a full-width letter', () => {
  const names = ['b', 'ﬀ', '😀', 'a/b', 'a.txt', 'A', 'é', 'e'];
  const ordered = inNameOrder(names.map((name) => ({ name }))).map(({ name }) => name);
  expect(ordered).toEqual(['A', 'a.txt', 'a/b', 'b', 'e', 'é', 'ﬀ', '😀']);
  expect(ordered).not.toEqual([...names].sort());
});
