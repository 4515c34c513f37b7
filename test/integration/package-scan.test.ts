import { execFileSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describePath } from '../../main/package/describe-path.ts';
import { listFolder } from '../../main/package/list-folder.ts';
import { scanForPackage } from '../../main/package/scan-for-package.ts';
import { asOrdinaryUser, neverAborted, plant, problemOf, scratchFolder } from './package-fixture.ts';

const list = (folder: string) => listFolder(folder, neverAborted());
const scan = (...paths: string[]) => scanForPackage(paths, neverAborted());
const entriesOf = async (...paths: string[]) => (await scan(...paths)).entries.map((entry) => [entry.kind, entry.name]);
const linksOf = async (...paths: string[]) =>
  Object.fromEntries((await scan(...paths)).entries.flatMap((entry) => (entry.kind === 'symlink' ? [[entry.name, entry.target]] : [])));

async function withSocket<T>(path: string, work: () => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    return await work();
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('what is found', () => {
  it('is counted while it is looked into, for a package and for a listing alike', async () => {
    const root = plant(join(scratchFolder(), 'build'), Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`folder-${index}/a.txt`, 'x'])));
    for (const look of [
      (onFound: (more: number) => void) => scanForPackage([root], neverAborted(), undefined, onFound),
      (onFound: (more: number) => void) => listFolder(root, neverAborted(), onFound),
    ]) {
      const counted: number[] = [];
      await look((more) => counted.push(more));
      expect(counted[0]).toBe(40);
      expect(counted.length).toBeGreaterThan(2);
      expect(counted.reduce((sum, more) => sum + more)).toBe(80);
    }
  });
});

describe('what was dropped', () => {
  it('is a file with its size, or a folder, under the name it was dropped by', async () => {
    const root = plant(join(scratchFolder(), 'build'), { 'a.txt': '12345' });
    symlinkSync('build', join(root, '..', 'latest'));
    expect(await describePath(join(root, 'a.txt'))).toMatchObject({ kind: 'file', name: 'a.txt', size: 5 });
    expect(await describePath(join(root, '..', 'latest'))).toMatchObject({ kind: 'folder', name: 'latest', size: 0 });
  });

  it('is named in the error where it is missing, a socket or a FIFO', async () => {
    const root = scratchFolder();
    execFileSync('mkfifo', [join(root, 'pipe')]);
    symlinkSync('nowhere', join(root, 'broken'));
    expect(await problemOf(describePath(join(root, 'none')))).toMatchObject({ code: 'source-missing', params: { name: 'none' } });
    expect(await problemOf(describePath(join(root, 'broken')))).toMatchObject({ code: 'source-missing', params: { name: 'broken' } });
    expect(await problemOf(describePath(join(root, 'pipe')))).toMatchObject({ code: 'source-not-a-file', params: { name: 'pipe' } });
    await withSocket(join(root, 'sock'), async () => {
      expect(await problemOf(describePath(join(root, 'sock')))).toMatchObject({ code: 'source-not-a-file', params: { name: 'sock' } });
    });
  });

  it('is named in the error where it may not be read', async () => {
    const root = plant(scratchFolder(), { 'secret.bin': 'x', 'closed/a.txt': 'x' });
    chmodSync(join(root, 'secret.bin'), 0);
    chmodSync(join(root, 'closed'), 0);
    await asOrdinaryUser(async () => {
      expect(await problemOf(describePath(join(root, 'secret.bin')))).toMatchObject({ code: 'source-unreadable', params: { name: 'secret.bin' } });
      expect(await problemOf(describePath(join(root, 'closed')))).toMatchObject({ code: 'source-unreadable', params: { name: 'closed' } });
    });
  });
});

describe('a folder for Mobile Security', () => {
  it('is every file below it, named from the folder on, in byte order, whatever the names', async () => {
    const long = 'n'.repeat(251) + '.txt';
    const names = ['a.txt', 'a/b.txt', 'a b/c d.txt', '表情/😀.png', 'ﬀ', long, '长'.repeat(85), '.hidden', 'zero'];
    const root = plant(join(scratchFolder(), 'build'), Object.fromEntries(names.map((name) => [name, name === 'zero' ? '' : 'xyz'])));
    const { files, leftOut, failed } = await list(root);
    const expected = names.map((name) => `build/${name}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(files.map((file) => file.name)).toEqual(expected);
    expect(files.find((file) => file.name === 'build/zero')?.size).toBe(0);
    expect(files.find((file) => file.name === 'build/a.txt')?.size).toBe(3);
    expect([leftOut, failed]).toEqual([[], []]);
  });

  it('takes a link to a file inside as that file, and names every other link and special file with its reason', async () => {
    const base = scratchFolder();
    plant(base, { 'outside.txt': 'o', 'outside/x.txt': 'x' });
    const root = plant(join(base, 'build'), { 'real/a.txt': '1234567' });
    symlinkSync('real/a.txt', join(root, 'file-link'));
    symlinkSync('real', join(root, 'folder-link'));
    symlinkSync('.', join(root, 'self'));
    symlinkSync('../outside.txt', join(root, 'out-file'));
    symlinkSync(join(base, 'outside'), join(root, 'out-folder'));
    symlinkSync('missing', join(root, 'broken'));
    symlinkSync('loop-b', join(root, 'loop-a'));
    symlinkSync('loop-a', join(root, 'loop-b'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    await withSocket(join(root, 'sock'), async () => {
      const { files, leftOut } = await list(root);
      expect(files.map(({ name, size }) => [name, size])).toEqual([['build/file-link', 7], ['build/real/a.txt', 7]]);
      expect(Object.fromEntries(leftOut.map(({ path, reason }) => [path, reason]))).toEqual({
        'folder-link': 'symlink-folder', self: 'symlink-folder', 'out-file': 'symlink-outside', 'out-folder': 'symlink-outside',
        broken: 'symlink-broken', 'loop-a': 'symlink-loop', 'loop-b': 'symlink-loop', pipe: 'special-file', sock: 'special-file',
      });
    });
  });

  it('sends the rest where a folder inside may not be read, and says which one it was', async () => {
    const root = plant(join(scratchFolder(), 'build'), { 'a.txt': 'x', 'closed/b.txt': 'x', 'z.txt': 'x' });
    chmodSync(join(root, 'closed'), 0);
    const { files, failed } = await asOrdinaryUser(() => list(root));
    expect(files.map((file) => file.name)).toEqual(['build/a.txt', 'build/z.txt']);
    expect(failed).toMatchObject([{ name: 'build/closed', problem: { code: 'source-unreadable', params: { name: 'build/closed' } } }]);
  });

  it.runIf(process.platform === 'linux')('reports a name that is not UTF-8', async () => {
    const root = plant(join(scratchFolder(), 'build'), { 'a.txt': 'x' });
    writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]), 'x');
    const { files, failed } = await list(root);
    expect(files.map((file) => file.name)).toEqual(['build/a.txt']);
    expect(failed).toMatchObject([{ name: 'build/caf\ufffd', problem: { code: 'source-unreadable' } }]);
  });

  it('is refused when it has no file, when all was left out, and when it cannot be read itself', async () => {
    const root = scratchFolder();
    plant(join(root, 'empty'), { 'deep/deeper/': '' });
    plant(join(root, 'links'), {});
    symlinkSync('/etc/hostname', join(root, 'links', 'l'));
    plant(join(root, 'closed'), { 'a.txt': 'x' });
    chmodSync(join(root, 'closed'), 0);
    expect(await problemOf(list(join(root, 'empty')))).toMatchObject({ code: 'source-empty-folder', params: { name: 'empty' } });
    expect(await list(join(root, 'links'))).toMatchObject({ files: [], failed: [], leftOut: [{ path: 'l', reason: 'symlink-outside' }] });
    await asOrdinaryUser(async () => {
      expect(await problemOf(list(join(root, 'closed')))).toMatchObject({ code: 'source-unreadable', params: { name: 'closed' } });
    });
  });

  it('stops when it is aborted', async () => {
    const root = plant(join(scratchFolder(), 'build'), { 'a/b.txt': 'x' });
    const stop = new AbortController();
    const listing = listFolder(root, stop.signal);
    stop.abort();
    await expect(listing).rejects.toBe(stop.signal.reason);
  });
});

describe('what a package holds', () => {
  it('is the tree inside a single folder, with a folder entry only for what is empty', async () => {
    const root = plant(join(scratchFolder(), 'Game'), { 'bin/run': 'x', 'empty/': '', 'outer/inner/': '', 'a.txt': '' });
    expect(await entriesOf(root)).toEqual([['file', 'a.txt'], ['file', 'bin/run'], ['folder', 'empty'], ['folder', 'outer/inner']]);
  });

  it('is each item under its own name when several were dropped, and the file itself for one file', async () => {
    const root = plant(scratchFolder(), { 'one/a.txt': 'x', 'two/a.txt': 'x', 'none/': '', 'c.txt': 'x' });
    const several = ['c.txt', 'two', 'one', 'none', 'one'].map((name) => join(root, name));
    expect(await entriesOf(...several)).toEqual([['file', 'c.txt'], ['folder', 'none'], ['file', 'one/a.txt'], ['file', 'two/a.txt']]);
    expect(await entriesOf(join(root, 'c.txt'))).toEqual([['file', 'c.txt']]);
  });

  it('may not have two items of one name', async () => {
    const root = plant(scratchFolder(), { 'x/data/1': 'x', 'y/data/2': 'x' });
    const paths = [join(root, 'x/data'), join(root, 'y/data')];
    expect(await problemOf(scan(...paths))).toMatchObject({ code: 'duplicate-object', params: { name: paths[1], other: paths[0] } });
  });

  it('keeps links that stay inside, in their own words or made relative, and walks none of them', async () => {
    const base = scratchFolder();
    const root = plant(join(base, 'app'), { 'Versions/A/lib': 'x', 'deep/er/file': 'x' });
    symlinkSync('A', join(root, 'Versions/Current'));
    symlinkSync('Versions/Current/lib', join(root, 'lib'));
    symlinkSync('.', join(root, 'self'));
    symlinkSync(join(root, 'deep/er/file'), join(root, 'Versions/absolute'));
    symlinkSync('../app/deep', join(root, 'there-and-back'));
    symlinkSync('../../Versions/A', join(root, 'deep/er/up'));
    expect(await linksOf(root)).toEqual({
      'Versions/Current': 'A', lib: 'Versions/Current/lib', self: '.', 'Versions/absolute': '../deep/er/file',
      'there-and-back': 'deep', 'deep/er/up': '../../Versions/A',
    });
  });

  it('does not rely on a link that is itself left out', async () => {
    const base = scratchFolder();
    const root = plant(join(base, 'app'), { 'a.txt': 'x' });
    plant(join(base, 'elsewhere'), {});
    symlinkSync(root, join(base, 'elsewhere/back'));
    symlinkSync('../elsewhere', join(root, 'out'));
    symlinkSync('out/back/a.txt', join(root, 'through'));
    expect(await linksOf(root)).toEqual({ through: 'a.txt' });
    expect((await scan(root)).leftOut).toEqual([{ path: 'out', reason: 'symlink-outside' }]);
  });

  it('leaves out links that lead outside, nowhere or in a circle, and sockets and FIFOs, each with its reason', async () => {
    const root = plant(join(scratchFolder(), 'app'), { 'a.txt': 'x' });
    symlinkSync('/etc/hostname', join(root, 'outside'));
    symlinkSync('none', join(root, 'broken'));
    symlinkSync('loop-b', join(root, 'loop-a'));
    symlinkSync('loop-a', join(root, 'loop-b'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    symlinkSync('pipe', join(root, 'to-pipe'));
    await withSocket(join(root, 'sock'), async () => {
      const { entries, leftOut } = await scan(root);
      expect(entries.map((entry) => entry.name)).toEqual(['a.txt']);
      expect(Object.fromEntries(leftOut.map(({ path, reason }) => [path, reason]))).toEqual({
        outside: 'symlink-outside', broken: 'symlink-broken', 'loop-a': 'symlink-loop', 'loop-b': 'symlink-loop',
        pipe: 'special-file', 'to-pipe': 'special-file', sock: 'special-file',
      });
    });
  });

  it('is never a part: a folder that may not be read fails the whole and is named', async () => {
    const base = scratchFolder();
    const folder = plant(join(base, 'two'), { 'a.txt': 'x', 'closed/b': 'x' });
    plant(join(base, 'one'), { 'a.txt': 'x' });
    chmodSync(join(folder, 'closed'), 0);
    await asOrdinaryUser(async () => {
      expect(await problemOf(scan(folder))).toMatchObject({ code: 'source-unreadable', params: { name: 'closed' } });
      expect(await problemOf(scan(join(base, 'one'), folder))).toMatchObject({ code: 'source-unreadable', params: { name: 'two/closed' } });
    });
  });

  it.runIf(process.platform === 'linux')('is refused for a name a zip cannot hold', async () => {
    const base = scratchFolder();
    const backslash = plant(join(base, 'one'), { 'in/a\\b.txt': 'x' });
    const bytes = plant(join(base, 'two'), { 'a.txt': 'x' });
    writeFileSync(Buffer.concat([Buffer.from(`${bytes}/caf`), Buffer.from([0xe9])]), 'x');
    expect(await problemOf(scan(backslash))).toMatchObject({ code: 'name-unsafe', params: { name: 'in/a\\b.txt' } });
    expect(await problemOf(scan(bytes))).toMatchObject({ code: 'source-unreadable', params: { name: 'caf\ufffd' } });
  });

  it('needs at least one file', async () => {
    const base = scratchFolder();
    const empty = plant(join(base, 'empty'), { 'a/b/': '' });
    const links = plant(join(base, 'links'), {});
    symlinkSync('/etc/hostname', join(links, 'l'));
    expect(await problemOf(scan(empty))).toMatchObject({ code: 'source-empty-folder', params: { name: 'empty' } });
    expect(await problemOf(scan(links))).toMatchObject({ code: 'source-nothing-to-send', params: { name: 'links' } });
    expect(await problemOf(scan(join(base, 'none')))).toMatchObject({ code: 'source-missing', params: { name: 'none' } });
  });

  it('stops when it is aborted', async () => {
    const root = plant(join(scratchFolder(), 'build'), { 'a/b.txt': 'x' });
    const stop = new AbortController();
    const scanning = scanForPackage([root], stop.signal);
    stop.abort();
    await expect(scanning).rejects.toBe(stop.signal.reason);
  });
});
