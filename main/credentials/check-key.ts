import type { Site } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';
import type { ApiClient } from './api-client.ts';
import { wrongKeyProblems } from './service-errors.ts';

// Refused by the service as unknown, but only after it has accepted the signature.
const noApplication = 'app-00000000';

/**
 * Asks the service whether the key is right: throws what a person must mend (a wrong id or key, a
 * clock too far off, no network) and returns where the service knew the key, whatever else it said.
 */
export async function checkKey(api: ApiClient, site: Site): Promise<void> {
  try {
    await api.call(site === 'china'
      ? { product: 'ms', action: 'CreateCosSecKeyInstance', version: '2018-04-08', payload: {} }
      : { product: 'car', action: 'DescribeCosCredential', version: '2022-01-10', payload: { ApplicationId: noApplication } });
  } catch (error) {
    if (!(error instanceof FerryError)) throw error;
    const { code, serviceCode } = error.problem;
    const answeredAfterTheSignature = serviceCode !== undefined && !wrongKeyProblems.has(code) && code !== 'clock-wrong'
      && code !== 'rate-limited' && code !== 'service-internal' && code !== 'service-no-answer';
    if (!answeredAfterTheSignature) throw error;
  }
}
