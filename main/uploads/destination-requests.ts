import { listApplications } from '../credentials/list-applications.ts';
import { FerryError } from '../ferry-error.ts';
import type { Accounts } from './accounts.ts';
import type { Destinations } from './destinations.ts';
import type { Engine } from './engine.ts';
import type { Ferry } from './ferry.ts';
import type { Account } from '../credentials/account.ts';

export interface DestinationRequestsOptions {
  readonly accounts: Accounts;
  readonly destinations: Destinations;
  readonly apiFor: Engine['apiFor'];
  readonly withOverrides: (account: Account) => Account;
  readonly onChange: () => void;
}

type DestinationRequest = 'selectAccount' | 'setDestination' | 'useDestination' | 'lockDestination' | 'listApplications';

/** The requests that choose where the next drop goes. */
export function destinationRequests({ accounts, destinations, apiFor, withOverrides, onChange }: DestinationRequestsOptions): Pick<Ferry, DestinationRequest> {
  return {
    async selectAccount(accountId) {
      destinations.refuseWhileLocked();
      await accounts.select(accountId);
      onChange();
    },
    async setDestination(destination) {
      destinations.refuseWhileLocked();
      await accounts.setDestination(accounts.selected, destination);
      onChange();
    },
    async useDestination(target) {
      await destinations.use(target);
      onChange();
    },
    async lockDestination(locked) {
      await destinations.lock(locked);
      onChange();
    },
    async listApplications(accountId) {
      const account = accounts.find(accountId);
      if (!account) throw new FerryError({ code: 'request-invalid' });
      const applications = await listApplications(apiFor(withOverrides(account), { impatient: true }));
      destinations.name(accountId, applications);
      return applications;
    },
  };
}
