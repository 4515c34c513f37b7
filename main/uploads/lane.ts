import type { Destination } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';

/** Where a drop goes. */
export interface DropTarget {
  readonly account: Account;
  readonly destination: Destination;
}

/** Two uploads that may write the same object share a lane. */
export function laneOf({ account, destination }: DropTarget, name: string): string {
  return destination.service === 'car' ? `${account.id}|car|${destination.applicationId}` : `${account.id}|ms|${name}`;
}
