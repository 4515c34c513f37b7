import type { AccountView, SourceView } from '../../preload/contract.ts';
import type { Words } from './words.svelte.ts';

/** An account's label; the sandbox is called what it is in the language of the moment. */
export function accountName(account: AccountView, words: Words): string {
  return account.keyStorage === 'sandbox' ? words.t('account.sandbox') : account.label;
}

/** The same for a source or an earlier upload, whose account may be gone. */
export function accountNameOf(source: Pick<SourceView, 'accountId' | 'accountLabel'>, accounts: readonly AccountView[], words: Words): string {
  const account = accounts.find((candidate) => candidate.id === source.accountId);
  return account ? accountName(account, words) : source.accountLabel;
}
