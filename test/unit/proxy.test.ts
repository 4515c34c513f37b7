import { expect, test } from 'vitest';
import { proxyFromEnvironment, proxyFromList } from '../../main/proxy.ts';

test.each([
  ['DIRECT', null], ['', null], ['PROXY proxy.example.com:8080', 'http://proxy.example.com:8080'],
  ['PROXY a:1; PROXY b:2; DIRECT', 'http://a:1'], ['HTTPS secure:443', 'https://secure:443'],
  ['SOCKS5 s:1080; PROXY a:1', 'socks5h://s:1080'], ['SOCKS s:1080', 'socks4://s:1080'], ['socks4 s:1080', 'socks4://s:1080'], ['QUIC q:1; PROXY a:1', 'http://a:1'], ['DIRECT; PROXY a:1', null],
])('of the list %j the way is %j', (list, proxy) => {
  expect(proxyFromList(list)).toBe(proxy);
});

test.each([
  [{}, 'https://x.myqcloud.com/', null],
  [{ HTTPS_PROXY: 'http://p:1' }, 'https://x.myqcloud.com/', 'http://p:1'],
  [{ https_proxy: 'p:1' }, 'https://x.myqcloud.com/', 'http://p:1'],
  [{ HTTPS_PROXY: 'http://p:1' }, 'http://x.example/', null],
  [{ HTTP_PROXY: 'http://p:1' }, 'http://x.example/', 'http://p:1'],
  [{ HTTP_PROXY: 'http://p:1' }, 'http://127.0.0.1:9000/', null],
  [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, 'https://x.example/', null],
  [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.b, .example' }, 'https://x.example/', null],
  [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'ample' }, 'https://x.example/', 'http://p:1'],
  [{ HTTPS_PROXY: 'http://p:1', NO_PROXY: 'x.example:8443' }, 'https://x.example/', 'http://p:1'],
  [{ ALL_PROXY: 'socks5://p:1' }, 'https://x.example/', 'socks5://p:1'],
  [{ ALL_PROXY: 'socks5h://p:1', HTTP_PROXY: 'http://q:1' }, 'http://x.example/', 'http://q:1'],
  [{ ALL_PROXY: 'ftp://p:1' }, 'https://x.example/', null],
])('in %j the way to %s is %j', async (environment, url, proxy) => {
  expect(await proxyFromEnvironment(environment)(url)).toBe(proxy);
});
