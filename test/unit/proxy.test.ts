import { expect, test } from 'vitest';
import { proxyForChoice } from '../../main/app/proxy-choice.ts';
import type { FerryError } from '../../main/ferry-error.ts';
import { parseProxy, proxyFromEnvironment, proxyFromList } from '../../main/proxy.ts';
import type { ProxyChoice } from '../../preload/contract.ts';

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

test.each([
  ['proxy.example.com:8080', 'http://proxy.example.com:8080'], [' http://p:3128/ ', 'http://p:3128'], ['https://p', 'https://p'],
  ['socks5://127.0.0.1:1080', 'socks5://127.0.0.1:1080'], ['http://[::1]:8080', 'http://[::1]:8080'],
])('%j is the proxy %j', (text, proxy) => {
  expect(parseProxy(text)).toBe(proxy);
});

test.each(['', 'http://', 'ftp://p:21', 'http://name:secret@p:1', 'p:1/path', 'p:1?x', 'a b', 'http://p:99999'])('%j is no proxy that can be kept', (text) => {
  let code: unknown = null;
  try { parseProxy(text); } catch (error) { code = (error as FerryError).problem.code; }
  expect(code).toBe('proxy-malformed');
});

test('the proxy that is chosen holds from the next request on, and never for this computer', async () => {
  let choice: ProxyChoice = { kind: 'system' };
  const proxyFor = proxyForChoice(() => choice, () => Promise.resolve('PROXY system:1'));
  expect(await proxyFor('https://x.example/')).toBe('http://system:1');
  choice = { kind: 'custom', url: 'http://own:2' };
  expect(await proxyFor('https://x.example/')).toBe('http://own:2');
  expect(await proxyFor('http://127.0.0.1:9000/')).toBe(null);
  choice = { kind: 'none' };
  expect(await proxyFor('https://x.example/')).toBe(null);
});
