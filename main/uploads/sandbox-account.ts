import type { Account } from '../credentials/account.ts';
import type { BuiltInSandbox } from '../sandbox/start-sandbox-thread.ts';
import { sandboxAccountId } from '../settings/settings.ts';

/** The built-in account. */
export function accountOfSandbox(sandbox: BuiltInSandbox): Account {
  return {
    id: sandboxAccountId,
    label: 'Sandbox (this computer)',
    site: 'china',
    secretId: sandbox.accounts[0]?.secretId ?? '',
    apiEndpoint: sandbox.url,
    cosDomain: sandbox.url,
  };
}
