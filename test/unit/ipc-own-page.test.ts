import { describe, expect, it } from 'vitest';
import { isOwnPage } from '../../main/ipc/own-page.ts';

const built = 'app://cos-ferry/index.html';
const server = 'http://localhost:5173/';

describe('our own page', () => {
  it.each([
    [built, built],
    [`${built}?a=1#list`, built],
    [`${server}index.html#x`, server],
  ])('is %s of %s', (url, page) => {
    expect(isOwnPage(url, page)).toBe(true);
  });

  it.each([
    ['another file of the build', 'app://cos-ferry/assets/index.js', built],
    ['another host of the scheme', 'app://evil/index.html', built],
    ['the same path on the web', 'https://cos-ferry/index.html', built],
    ['a file', 'file:///cos-ferry/index.html', built],
    ['its address in a name', 'app://cos-ferry@evil/index.html', built],
    ['another port of the development server', 'http://localhost:5174/', server],
    ['its address over another protocol', 'https://localhost:5173/', server],
    ['the built page in development', built, server],
    ['an empty frame', 'about:blank', built],
    ['nothing at all', '', built],
  ])('is not %s', (_what, url, page) => {
    expect(isOwnPage(url, page)).toBe(false);
  });
});
