import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { archiveContent } from '../../main/package/archive-content.ts';
import { drain, neverAborted, plant, save, scratchFolder, testArchive, treeOf, unpack } from './package-fixture.ts';

const mebibyte = 1024 * 1024;
const pack = (...paths: string[]) => archiveContent(paths, neverAborted());
const zone = process.env['TZ'];

afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** A folder with one of everything a build may hold. */
function everything(): string {
  const root = plant(join(scratchFolder(), 'Game 游戏'), {
    'bin/run.sh': '#!/bin/sh\n', 'assets/logo.png': randomBytes(70_000), 'assets/长/😀 emoji.txt': 'hello '.repeat(20_000),
    'assets/random.bin': randomBytes(3 * mebibyte + 11), 'assets/inner.zip': randomBytes(2 * mebibyte + 1), 'read only.cfg': 'r',
    zero: '', 'zero.png': '', ['n'.repeat(251) + '.txt']: 'long', ['长'.repeat(85)]: 'long too', 'group.dat': 'w',
    'C:': 'like a drive', 'e\u0301': 'decomposed', '\u00e9': 'composed', '12:30:45 shot.txt': 'colons', 'x:x:x:x/y:z': 'more', '..dots/...': 'dots', '-dash': 'd',
    'empty/folder/': '', 'empty too/': '',
  });
  chmodSync(join(root, 'bin/run.sh'), 0o755);
  chmodSync(join(root, 'read only.cfg'), 0o444);
  chmodSync(join(root, 'group.dat'), 0o664);
  chmodSync(join(root, 'empty too'), 0o700);
  symlinkSync('bin/run.sh', join(root, 'start'));
  symlinkSync('assets', join(root, 'folder link'));
  symlinkSync('.', join(root, 'self'));
  symlinkSync('../zero', join(root, 'assets/Zurück'));
  utimesSync(join(root, 'zero'), new Date('1999-12-31T23:59:58Z'), new Date('1999-12-31T23:59:58Z'));
  utimesSync(join(root, 'empty too'), new Date('2024-02-29T12:00:01Z'), new Date('2024-02-29T12:00:01Z'));
  return root;
}

describe('a package', () => {
  it('is opened by unzip, 7-Zip and Python, and its tree equals the folder: names, bytes, modes, times, links, empty folders', async () => {
    const root = everything();
    const content = await pack(root);
    const zip = await save(content, join(scratchFolder(), 'out.zip'));
    const before = treeOf(root);
    const { names } = testArchive(zip);
    expect(names.map((name) => name.replace(/\/$/, '')).sort()).toEqual([...before.keys()].sort());

    const unpacked = join(scratchFolder(), 'unpacked');
    unpack(zip, unpacked);
    const after = treeOf(unpacked);
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [name, { mtimeMs, ...facts }] of before) {
      expect(after.get(name), name).toMatchObject(facts);
      if (facts.kind !== 'symlink') expect(Math.abs((after.get(name)?.mtimeMs ?? 0) - mtimeMs), name).toBeLessThan(1000);
    }
    expect(content).toMatchObject({ name: 'Game 游戏.zip', packed: true, leftOut: [] });
  });

  it('is the same bytes every time and in every time zone, and its chunks account for every byte read', async () => {
    const root = everything();
    process.env['TZ'] = 'Asia/Shanghai';
    const inShanghai = new Date(0).getTimezoneOffset();
    const content = await pack(root);
    const first = await drain(content.bytes(neverAborted()));
    const again = await drain(content.bytes(neverAborted()));
    process.env['TZ'] = 'America/St_Johns';
    expect(new Date(0).getTimezoneOffset()).not.toBe(inShanghai);
    const elsewhere = await drain((await pack(root)).bytes(neverAborted()));
    expect([again.sha256, elsewhere.sha256]).toEqual([first.sha256, first.sha256]);
    expect([first.sourceBytes, again.sourceBytes]).toEqual([content.sourceBytes, content.sourceBytes]);
    expect(content.sourceBytes).toBeGreaterThan(5 * mebibyte);
  });

  it('holds several items side by side, and a single file at its root', async () => {
    const root = plant(join(scratchFolder(), 'out'), { 'data/a.txt': 'a', 'b.exe': 'b', 'c/c.txt': 'c' });
    const several = await pack(join(root, 'data'), join(root, 'b.exe'));
    expect(several.name).toBe('out.zip');
    expect(testArchive(await save(several, join(scratchFolder(), 'a.zip'))).names).toEqual(['b.exe', 'data/a.txt']);
    const single = await pack(join(root, 'b.exe'));
    expect(single.name).toBe('b.zip');
    expect(testArchive(await save(single, join(scratchFolder(), 'b.zip'))).names).toEqual(['b.exe']);
  });

  it('stores what is compressed already and deflates the rest', async () => {
    const text = Buffer.alloc(200_000, 'text ');
    const { length: stored } = (await drain((await pack(plant(scratchFolder(), { 'a.PNG': text }))).bytes(neverAborted()))).data;
    const { length: deflated } = (await drain((await pack(plant(scratchFolder(), { 'a.txt': text }))).bytes(neverAborted()))).data;
    expect(stored).toBeGreaterThan(text.length);
    expect(deflated).toBeLessThan(text.length / 20);
  });

  it('never comes to more than it announced', async () => {
    const small = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${'深'.repeat(60)}/${index}.dat`, randomBytes(index % 7)]));
    const folders = {
      compressible: { 'a.txt': Buffer.alloc(5 * mebibyte, 'abc') },
      incompressible: { 'a.bin': randomBytes(9 * mebibyte), 'b.bin': randomBytes(17), 'c.zip': randomBytes(mebibyte + 1) },
      'many small': small,
      'links and folders': { a: '', ...Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}/`, ''])) },
    };
    for (const [what, files] of Object.entries(folders)) {
      const root = plant(scratchFolder(), files);
      symlinkSync('.', join(root, 'link'));
      const content = await pack(root);
      const { data } = await drain(content.bytes(neverAborted()));
      expect(content.maxBytes, what).toBeGreaterThanOrEqual(data.length);
    }
  });

  it('leaves out what cannot go in, says so, and is whole without it', async () => {
    const root = plant(scratchFolder(), { 'a.txt': 'x' });
    execFileSync('mkfifo', [join(root, 'pipe')]);
    symlinkSync('/etc/hostname', join(root, 'outside'));
    const content = await pack(root);
    expect(content.leftOut).toEqual([{ path: 'outside', reason: 'symlink-outside' }, { path: 'pipe', reason: 'special-file' }]);
    expect(testArchive(await save(content, join(scratchFolder(), 'a.zip'))).names).toEqual(['a.txt']);
  });

  it.each([65_535, 70_000])('can have %d entries', { timeout: 120_000 }, async (count) => {
    const root = scratchFolder();
    for (let index = 0; index < count; index += 1) writeFileSync(join(root, `${index}.txt`), index % 10 === 0 ? `${index}` : '');
    const zip = await save(await pack(root), join(scratchFolder(), 'many.zip'));
    expect(testArchive(zip).names).toHaveLength(count);
  });

  it('can have entries, and offsets, of more than 4 GiB', { timeout: 120_000 }, async () => {
    const root = plant(scratchFolder(), { 'big.zip': '', 'later.txt': 'after the big one' });
    truncateSync(join(root, 'big.zip'), 2 ** 32 + 5);
    const content = await pack(root);
    const zip = await save(content, join(scratchFolder(), 'big-package.zip'));
    expect(execFileSync('7z', ['t', zip], { encoding: 'utf8' })).toMatch(/Everything is Ok[^]*Size:\s+4294967318/);
    execFileSync('unzip', ['-tqq', zip, 'later.txt'], { stdio: 'pipe' });
    expect(execFileSync('python3', ['-m', 'zipfile', '-l', zip], { encoding: 'utf8' })).toMatch(/big\.zip .* 4294967301/);
  });
});
