import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mayLoad } from '../../main/app/confine.ts';
import { builtPageUrl, servePage } from '../../main/app/page-protocol.ts';

let root: string;
let answer: (request: Request) => Promise<Response>;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ferry-page-'));
  await mkdir(path.join(root, 'renderer/assets/deep'), { recursive: true });
  await writeFile(path.join(root, 'secret.html'), 'secret');
  await writeFile(path.join(root, 'renderer/index.html'), '<!doctype html>');
  await writeFile(path.join(root, 'renderer/assets/index-Ab_1-2.js'), '1');
  await writeFile(path.join(root, 'renderer/assets/index.css'), 'p {}');
  await writeFile(path.join(root, 'renderer/assets/.hidden.js'), 'hidden');
  await writeFile(path.join(root, 'renderer/assets/deep/a.js'), 'deep');
  await writeFile(path.join(root, 'renderer/assets/key.pem'), 'pem');
  answer = servePage(path.join(root, 'renderer'));
});

afterAll(() => rm(root, { recursive: true, force: true }));

test.each([
  [builtPageUrl, 'text/html; charset=utf-8'],
  ['app://cos-ferry/index.html?x=1#list', 'text/html; charset=utf-8'],
  ['app://cos-ferry/assets/index-Ab_1-2.js', 'text/javascript; charset=utf-8'],
  ['app://cos-ferry/assets/index.css', 'text/css; charset=utf-8'],
])('%s is served as %s, under the policy', async (url, type) => {
  const response = await answer(new Request(url));
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  const policy = response.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test.each([
  'app://cos-ferry/', 'app://cos-ferry/assets', 'app://cos-ferry/assets/', 'app://cos-ferry/missing.html',
  'app://cos-ferry/../secret.html', 'app://cos-ferry/assets/../../secret.html', 'app://cos-ferry/..%2fsecret.html',
  'app://cos-ferry/%2e%2e/secret.html', 'app://cos-ferry/..\\secret.html', 'app://cos-ferry//etc/passwd', 'app://cos-ferry/assets/%00.js',
  'app://cos-ferry/assets/.hidden.js', 'app://cos-ferry/assets/deep/a.js', 'app://cos-ferry/assets/key.pem',
  'app://evil/index.html', 'app://cos-ferry:81/index.html', 'file:///index.html', 'https://cos-ferry/index.html',
])('%s is not there', async (url) => {
  const response = await answer(new Request(url));
  expect([response.status, await response.text()]).toEqual([404, '']);
});

test('nothing can be sent to it', async () => {
  expect((await answer(new Request(builtPageUrl, { method: 'POST', body: 'x' }))).status).toBe(404);
});

test.each([
  ['app://cos-ferry/assets/index.js', builtPageUrl, true],
  ['https://example.com/', builtPageUrl, false],
  ['file:///etc/passwd', builtPageUrl, false],
  ['devtools://devtools/bundled/a.js', builtPageUrl, false],
  ['ws://127.0.0.1:5173/', builtPageUrl, false],
  ['data:text/html,x', builtPageUrl, false],
  ['ws://localhost:5173/', 'http://localhost:5173/', true],
  ['http://localhost:5173/main.ts', 'http://localhost:5173/', true],
  ['http://localhost:5174/', 'http://localhost:5173/', false],
])('the page may load %s of %s: %s', (url, page, may) => {
  expect(mayLoad(url, page)).toBe(may);
});
