import type { Site } from '../../preload/contract.ts';

/** An account as the engine sees it; its SecretKey is asked of `SecretKeys` when it is needed. */
export interface Account {
  readonly id: string;
  readonly label: string;
  readonly site: Site;
  readonly secretId: string;
  readonly apiEndpoint: string | null;
  readonly cosDomain: string | null;
}
