import type { Site } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';
import { isLoopback } from '../proxy.ts';

const apiHosts: Readonly<Record<Site, Readonly<Record<string, string>>>> = {
  china: { ms: 'ms.tencentcloudapi.com', car: 'car.tencentcloudapi.com' },
  international: { ms: 'ms.tencentcloudapi.com', car: 'car.intl.tencentcloudapi.com' },
};

/** The URL that answers a product's API calls: the account's own endpoint where it has one, else its site's. */
export function apiEndpoint(account: { readonly site: Site; readonly apiEndpoint: string | null }, product: string): string {
  return account.apiEndpoint ?? `https://${apiHosts[account.site][product] ?? `${product}.tencentcloudapi.com`}`;
}

/** The endpoint as it is kept, a URL without a path, or null for none. Throws `endpoint-invalid`. */
export function parseApiEndpoint(text: string | null): string | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return null;
  const url = URL.canParse(trimmed) ? new URL(trimmed) : null;
  const plain = url !== null && (url.protocol === 'https:' || url.protocol === 'http:') && url.host !== ''
    && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  if (!plain) throw new FerryError({ code: 'endpoint-invalid', params: { value: trimmed } });
  return url.origin;
}

/** How COS is reached other than by its public domain. */
export interface CosDomain {
  /** Host and port, or a template with {Bucket} and {Region}. */
  readonly domain: string;
  readonly protocol: 'http:' | 'https:';
}

/** Parses `host:port` or a template, with an optional scheme; null for none. Throws `cos-domain-invalid`. */
export function parseCosDomain(text: string | null): CosDomain | null {
  const trimmed = text?.trim() ?? '';
  if (trimmed === '') return null;
  const match = /^(?:(https?):\/\/)?([^/\s]+)\/?$/i.exec(trimmed);
  const domain = match?.[2] ?? '';
  const sample = domain.replaceAll('{Bucket}', 'bucket').replaceAll('{Region}', 'region');
  if (!/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i.test(sample)) {
    throw new FerryError({ code: 'cos-domain-invalid', params: { value: trimmed } });
  }
  return { domain, protocol: match?.[1]?.toLowerCase() === 'http' ? 'http:' : 'https:' };
}

interface Endpoints {
  readonly apiEndpoint: string | null;
  readonly cosDomain: string | null;
}

/** Whether an account of these endpoints, or where it sets none of these `others`, talks to this computer alone. */
export function staysHere(own: Endpoints, others: Endpoints): boolean {
  try {
    const api = parseApiEndpoint(own.apiEndpoint) ?? parseApiEndpoint(others.apiEndpoint);
    const cos = parseCosDomain(own.cosDomain) ?? parseCosDomain(others.cosDomain);
    return api !== null && cos !== null && isLoopback(new URL(api).hostname) && isLoopback(new URL(`${cos.protocol}//${cos.domain}`).hostname);
  } catch {
    return false;
  }
}
