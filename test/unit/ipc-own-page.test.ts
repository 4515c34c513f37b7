import { describe, expect, it } from 'vitest';
import { isOwnPage } from '../../main/ipc/own-page.ts';

const file = 'file:///opt/cos-ferry/out/renderer/index.html';
const server = 'http://localhost:5173/';

describe('our own page', () => {
  it.each([
    [file, file],
    [`${file}?a=1#list`, file],
    [`${server}index.html#x`, server],
  ])('is %s of %s', (url, page) => {
    expect(isOwnPage(url, page)).toBe(true);
  });

  it.each([
    ['another file', 'file:///opt/cos-ferry/out/renderer/other.html', file],
    ['the same path of a file server', 'file://server/opt/cos-ferry/out/renderer/index.html', file],
    ['the same path on the web', 'https:///opt/cos-ferry/out/renderer/index.html', file],
    ['another port of the development server', 'http://localhost:5174/', server],
    ['its address over another protocol', 'https://localhost:5173/', server],
    ['a file in development', file, server],
    ['an empty frame', 'about:blank', file],
    ['nothing at all', '', file],
  ])('is not %s', (_what, url, page) => {
    expect(isOwnPage(url, page)).toBe(false);
  });
});
