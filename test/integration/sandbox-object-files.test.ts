import { lstat, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ObjectFiles } from '../../main/sandbox/object-files.ts';
import { pathSegments } from '../../main/sandbox/object-path.ts';
import { cosClient, msCredential, openSandbox, signedRequest, temporaryDirectory } from './sandbox-clients.ts';

const BUCKET = 'ms-sandbox-1250000000';

async function openFiles() {
  const directory = await temporaryDirectory();
  const files = new ObjectFiles(directory);
  await files.open();
  return {
    files, directory,
    async put(key: string, text = key) {
      const from = files.incomingPath();
      await writeFile(from, text);
      await files.commit({ bucket: BUCKET, key, size: Buffer.byteLength(text), etag: '', crc64: '', contentType: '', lastModifiedMs: 0 }, from);
    },
    read: (key: string) => readFile(files.path(BUCKET, key), 'utf8'),
    shown: (key: string) => relative(join(files.objectsDirectory, BUCKET), files.path(BUCKET, key)).replaceAll('\\', '/'),
  };
}

test('keys become folders and files a person can open', async () => {
  const { put, read, shown } = await openFiles();
  const key = 'pctool/1250000000/1/资源/My Game 🚢 v1.2.zip';
  expect(shown(key)).toBe(key);
  await put(key, 'bytes');
  expect(shown(key)).toBe(key);
  expect(await read(key)).toBe('bytes');
});

describe('keys that would lead astray', () => {
  const keys = [
    '../../outside', '..', '.', 'a/../../b', 'a/./b', 'a//b', '//', 'a/', '..\\..\\b', 'nul\0byte', 'C:\\x', 'con', 'CON.txt', 'lpt1/aux',
    'a:b*c?d"e<f>g|h', 'trailing dot.', 'trailing space ', '%2E%2E', '100%', '%~', 'tab\tnewline\n', 'a%~0123456789abcdef.txt', '~', '-rf',
  ];

  test('stay inside the bucket’s folder, each in a file of its own, legal on every system', async () => {
    const { put, read, shown, files, directory } = await openFiles();
    for (const key of keys) await put(key);
    for (const key of keys) expect(await read(key)).toBe(key);
    const names = new Set(keys.map((key) => files.path(BUCKET, key)));
    expect(names.size).toBe(keys.length);
    for (const key of keys) {
      for (const segment of shown(key).split('/')) {
        expect(segment).toMatch(/^[^<>:"\\|?*\p{Cc}]+$/u);
        expect(segment).not.toMatch(/[. ]$|^(con|nul|aux|lpt1)(\.|$)/i);
      }
    }
    expect((await files.list()).map(({ key }) => key).sort()).toEqual([...keys].sort());
    expect(await readdir(files.objectsDirectory)).toEqual([BUCKET]);
    expect((await readdir(directory)).sort()).toEqual(['incoming', 'metadata', 'objects']);
  });

  test('stay inside when they come over the wire', async () => {
    const sandbox = await openSandbox();
    const credential = await msCredential(sandbox);
    const key = `${credential.scope}/../../../../../../outside`;
    const reply = await signedRequest(sandbox, credential, { method: 'PUT', key, path: `/${key}`, body: Buffer.from('abc') });
    expect(reply.status).toBe(200);
    const encoded = sandbox.objectPath(credential.bucket, key);
    expect(relative(sandbox.objectsDirectory, encoded)).not.toMatch(/^\.\.|^\//);
    expect(await readFile(encoded, 'utf8')).toBe('abc');
    const names = await readdir(join(sandbox.objectsDirectory, '..'), { recursive: true });
    expect(names.filter((name) => name.endsWith('outside')).map((name) => name.split(/[\\/]/)[0])).toEqual(['objects']);
  });
});

describe('keys that want the same name', () => {
  test('an object and a folder, in either order', async () => {
    for (const keys of [['a', 'a/b', 'a/c/d'], ['a/c/d', 'a/b', 'a']]) {
      const { put, read, files } = await openFiles();
      for (const key of keys) await put(key);
      for (const key of keys) expect(await read(key)).toBe(key);
      for (const key of keys) await put(key, `${key} again`);
      for (const key of keys) expect(await read(key)).toBe(`${key} again`);
      expect(await files.list()).toHaveLength(3);
    }
  });

  test('a key and what another key’s encoding looks like', async () => {
    const { put, read } = await openFiles();
    const keys = ['a:b', 'a%3Ab', 'a%253Ab', 'a/', 'a/%~'];
    expect(new Set(keys.map((key) => pathSegments(key).join('/'))).size).toBe(keys.length);
    for (const key of keys) await put(key);
    for (const key of keys) expect(await read(key)).toBe(key);
  });

  test('a key and a file a person put there, which is left alone', async () => {
    const { put, read, files } = await openFiles();
    await put('a.txt');
    const theirs = join(files.objectsDirectory, BUCKET, 'b.txt');
    await writeFile(theirs, 'theirs');
    await put('b.txt');
    expect(await readFile(theirs, 'utf8')).toBe('theirs');
    expect(await read('b.txt')).toBe('b.txt');
  });

  test('a key and a link, which is not followed', async () => {
    const { put, read, files } = await openFiles();
    const elsewhere = await temporaryDirectory();
    await put('a.txt');
    await symlink(elsewhere, join(files.objectsDirectory, BUCKET, 'out'));
    await put('out/b.txt');
    expect(await read('out/b.txt')).toBe('out/b.txt');
    expect(await readdir(elsewhere)).toEqual([]);
  });
});

test('names longer than a file system takes are shortened, and stay different', async () => {
  const { put, read, shown } = await openFiles();
  const fits = `${'渡'.repeat(84)}z.zip`.slice(0, 84) + 'xyz';
  expect(Buffer.byteLength(fits)).toBe(255);
  const long = ['a', 'b'].map((end) => `${'渡船'.repeat(60)}${end}.zip`);
  const deep = `${'x'.repeat(300)}/${'y'.repeat(300)}/${'?'.repeat(200)}`;
  for (const key of [fits, ...long, deep]) await put(key);
  for (const key of [fits, ...long, deep]) expect(await read(key)).toBe(key);
  expect(shown(fits)).toBe(fits);
  for (const key of [...long, deep]) {
    for (const segment of shown(key).split('/')) expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(255);
  }
  for (const key of long) expect(shown(key)).toMatch(/^渡船.*\.zip$/);
});

test('an object whose file was taken away is gone, and can be put again', async () => {
  const { put, read, files } = await openFiles();
  await put('folder/a');
  await rm(join(files.objectsDirectory, BUCKET), { recursive: true });
  expect(await files.find(BUCKET, 'folder/a')).toBeNull();
  expect(await files.list()).toEqual([]);
  await put('folder/a', 'again');
  expect(await read('folder/a')).toBe('again');
});

test('what an earlier run was receiving is cleared away', async () => {
  const { files, directory } = await openFiles();
  await writeFile(files.incomingPath(), 'half');
  await new ObjectFiles(directory).open();
  expect(await readdir(join(directory, 'incoming'))).toEqual([]);
});

test('many objects at once each arrive in their own file', async () => {
  const sandbox = await openSandbox();
  const credential = await msCredential(sandbox);
  const cos = cosClient(sandbox, credential);
  const names = Array.from({ length: 60 }, (_, index) => `d${index % 7}/f${index}`);
  await Promise.all(names.map((name) => cos.putObject({ Bucket: credential.bucket, Region: credential.region, Key: `${credential.scope}/${name}`, Body: name })));
  for (const name of names) {
    const path = sandbox.objectPath(credential.bucket, `${credential.scope}/${name}`);
    expect((await lstat(path)).isFile()).toBe(true);
    expect(await readFile(path, 'utf8')).toBe(name);
  }
});
