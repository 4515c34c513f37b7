import type { Account } from '../credentials/account.ts';

/** Stands for an account that is not there any more, as its uploads remember it: their rows need one. It has no key. */
export function goneAccount(remembered: Pick<Account, 'id' | 'label' | 'cosDomain'>): Account {
  const { id, label, cosDomain } = remembered;
  return { id, label, site: 'china', secretId: '', apiEndpoint: null, cosDomain };
}

export function isGone(account: Account): boolean {
  return account.secretId === '';
}
