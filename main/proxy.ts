import { FerryError } from './ferry-error.ts';

/**
 * The proxy that a URL is reached through, as `http://[user:password@]host:port` (or https, socks4,
 * socks4a, socks5, socks5h), or null to go there directly.
 */
export type ProxyFor = (url: string) => Promise<string | null>;

export const noProxy: ProxyFor = () => Promise.resolve(null);

/**
 * The first way of a list in the form that Chromium and PAC scripts give, such as
 * `PROXY proxy.example.com:8080; DIRECT`. Null for DIRECT.
 */
export function proxyFromList(list: string): string | null {
  for (const way of list.split(';')) {
    const [kind, place] = way.trim().split(/\s+/);
    if (kind?.toUpperCase() === 'DIRECT') return null;
    const scheme = schemeOf.get(kind?.toUpperCase() ?? '');
    if (scheme !== undefined && place !== undefined) return `${scheme}://${place}`;
  }
  return null;
}

// As Chromium does it: with SOCKS alone 4 is meant, and only a proxy of 5 looks names up itself.
const schemeOf: ReadonlyMap<string, string> = new Map([
  ['PROXY', 'http'], ['HTTP', 'http'], ['HTTPS', 'https'], ['SOCKS', 'socks4'], ['SOCKS4', 'socks4'], ['SOCKS5', 'socks5h'],
]);

export function isSocks(proxy: URL): boolean {
  return proxy.protocol.startsWith('socks');
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The proxy of HTTPS_PROXY or HTTP_PROXY, in either case, minding NO_PROXY: what a build server has instead of system settings. */
export function proxyFromEnvironment(environment: Environment): ProxyFor {
  const read = (name: string): string => environment[name.toLowerCase()] ?? environment[name] ?? '';
  // Asked for each request, of an environment that stays as it is.
  const found = new Map<string, string | null>();
  const find = (text: string): string | null => {
    const url = new URL(text);
    const proxy = (url.protocol === 'https:' ? read('HTTPS_PROXY') : read('HTTP_PROXY')) || read('ALL_PROXY');
    if (proxy === '' || isLoopback(url.hostname) || isExempt(url, read('NO_PROXY'))) return null;
    const whole = proxy.includes('://') ? proxy : `http://${proxy}`;
    return URL.canParse(whole) && /^(?:https?|socks(?:4a?|5h?)?):$/.test(new URL(whole).protocol) ? whole : null;
  };
  return async (text) => {
    if (!found.has(text)) found.set(text, find(text));
    return found.get(text) ?? null;
  };
}

/**
 * A proxy's address as a person types it, `http://` in front where nothing is, brought to a URL with
 * nothing but a scheme, a host and a port. Throws `proxy-malformed`, also for a name and a password:
 * those would stand in the settings.
 */
export function parseProxy(text: string): string {
  const trimmed = text.trim();
  const whole = trimmed.includes('://') ? trimmed : `http://${trimmed}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  const usable = url !== null && isProxyScheme(url) && url.hostname !== '' && !/[\s@]/.test(trimmed) && /^\/?$/.test(url.pathname) && url.search === '' && url.hash === '';
  if (!usable) throw new FerryError({ code: 'proxy-malformed', params: { value: trimmed } });
  return `${url.protocol}//${url.host}`;
}

const isProxyScheme = (url: URL): boolean => /^(?:https?|socks(?:4a?|5h?)):$/.test(url.protocol);

/** No proxy leads to this computer, so none is asked for it. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function isExempt(url: URL, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    const [, name = '', port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (entry === '*') return true;
    if (name === '' || (port !== undefined && port !== (url.port || (url.protocol === 'https:' ? '443' : '80')))) return false;
    return url.hostname === name || url.hostname.endsWith(`.${name}`);
  });
}

/** The header that tells the proxy who asks, where its URL says so. */
export function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
