import type { AccountView } from '../../preload/contract.ts';
import type { Words } from './words.svelte.ts';

/** An account's label; the sandbox is called what it is in the language of the moment. */
export function accountName(account: AccountView, words: Words): string {
  return account.keyStorage === 'sandbox' ? words.t('account.sandbox') : account.label;
}

/** The same for a source, which only knows the label its account had. */
export function accountNameOfLabel(label: string, accounts: readonly AccountView[], words: Words): string {
  const account = accounts.find((candidate) => candidate.label === label);
  return account ? accountName(account, words) : label;
}
