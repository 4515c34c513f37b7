import type { ObjectView } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { parseCosDomain } from '../credentials/endpoints.ts';
import { cosPath } from '../transfer/cos-signature.ts';
import { publicDomains, storeHost } from '../transfer/store-domain.ts';

/** The object's URL, unsigned, at the account's own COS domain where it has one. */
export function objectUrl({ bucket, region, key }: Pick<ObjectView, 'bucket' | 'region' | 'key'>, { cosDomain }: Pick<Account, 'cosDomain'>): string {
  const [publicDomain] = publicDomains;
  const domain = parseCosDomain(cosDomain) ?? publicDomain;
  return domain ? `${domain.protocol}//${storeHost(domain, bucket, region)}${cosPath(key, {})}` : '';
}
