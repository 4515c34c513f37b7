import path from 'node:path';
import type { Site } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { parseApiEndpoint, parseCosDomain } from '../credentials/endpoints.ts';
import { SecretKeys } from '../credentials/secret-keys.ts';
import { FerryError } from '../ferry-error.ts';
import { SettingsStore } from '../settings/settings-store.ts';
import { KeychainProcess } from './keychain-process.ts';
import { appDirectory } from './places.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** No key was given, or no account has the label: the words are the command line's own. */
export class NoKeys extends Error {
  readonly label: string | null;

  constructor(label: string | null) {
    super('no keys');
    this.name = 'NoKeys';
    this.label = label;
  }
}

/** The accounts that the command line can use, and their keys. */
export interface CliAccounts {
  /** The account to upload with. Throws NoKeys. */
  chosen(site: Site): Account;
  /** The one an unfinished upload was begun with; null where its keys are not at hand. */
  find(accountId: string): Account | null;
  secretKeyOf(account: Account): Promise<string>;
  /** Where the temporary credentials of unfinished uploads are kept, wherever the keys come from. */
  readonly keychain: KeychainProcess;
}

const fromEnvironment = 'environment:';
// Nobody may be there to unlock it, and without it an upload goes on all the same.
const optionalKeychainMs = 5_000;
// The account's own key is in it, so whoever is asked for a password is given the time.
const neededKeychainMs = 60_000;

/** Reads the environment, or the app's settings. Throws `endpoint-invalid`, `cos-domain-invalid` or NoKeys. */
export async function openAccounts(environment: Environment, label: string | null, redact: (secret: string) => void): Promise<CliAccounts> {
  const apiEndpoint = parseApiEndpoint(environment['COS_FERRY_API_ENDPOINT'] ?? null);
  const cosDomain = environment['COS_FERRY_COS_DOMAIN']?.trim() || null;
  parseCosDomain(cosDomain);
  return label === null ? environmentAccounts(environment, { apiEndpoint, cosDomain }, redact) : appAccounts(environment, { apiEndpoint, cosDomain }, label, redact);
}

type Overrides = Pick<Account, 'apiEndpoint' | 'cosDomain'>;

function environmentAccounts(environment: Environment, overrides: Overrides, redact: (secret: string) => void): CliAccounts {
  const secretId = environment['TENCENTCLOUD_SECRET_ID']?.trim() ?? '';
  const secretKey = environment['TENCENTCLOUD_SECRET_KEY']?.trim() ?? '';
  if (secretId === '' || secretKey === '') throw new NoKeys(null);
  // It goes into a request's header, where nothing else may stand.
  if (!/^[\x21-\x7e]{1,128}$/.test(secretId)) throw new FerryError({ code: 'secret-id-unknown' });
  redact(secretKey);
  const accountOf = (site: Site): Account => ({ id: `${fromEnvironment}${site}`, label: 'TENCENTCLOUD_SECRET_ID', site, secretId, ...overrides });
  return {
    chosen: accountOf,
    find: (accountId) => {
      const site = accountId.startsWith(fromEnvironment) ? accountId.slice(fromEnvironment.length) : null;
      return site === 'china' || site === 'international' ? accountOf(site) : null;
    },
    secretKeyOf: () => Promise.resolve(secretKey),
    keychain: new KeychainProcess(optionalKeychainMs),
  };
}

async function appAccounts(environment: Environment, overrides: Overrides, label: string, redact: (secret: string) => void): Promise<CliAccounts> {
  const settings = await SettingsStore.open(path.join(appDirectory(environment), 'settings.json'), (error) => { throw error; });
  const stored = settings.value.accounts.find((account) => account.label === label);
  if (!stored) throw new NoKeys(label);
  const account: Account = {
    ...stored,
    apiEndpoint: stored.apiEndpoint ?? overrides.apiEndpoint,
    cosDomain: stored.cosDomain ?? overrides.cosDomain,
  };
  const keychain = new KeychainProcess(neededKeychainMs);
  const keys = new SecretKeys(keychain, redact);
  return {
    chosen: () => account,
    find: (accountId) => (accountId === account.id ? account : null),
    secretKeyOf: (of) => keys.get(of),
    keychain,
  };
}
