import * as v from 'valibot';
import { FerryError } from '../ferry-error.ts';
import type { ApiClient, ApiReply } from './api-client.ts';
import { bucketName, keyPath, parseFields, regionName, seconds, secret } from './reply-fields.ts';
import type { TemporaryCredential } from './temporary-credential.ts';

const fields = v.object({
  CosAppid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  CosBucket: bucketName,
  CosRegion: regionName,
  ExpireTime: v.pipe(seconds, v.minValue(1)),
  CosId: secret,
  CosKey: secret,
  CosPrefix: keyPath,
  CosToken: v.optional(secret),
  CosTocken: v.optional(secret),
  RequestId: v.string(),
});

// ExpireTime is documented loosely: the sample has a duration, other texts an instant.
const smallestEpochSeconds = 1e9;

/** Fetches keys for Mobile Security: CreateCosSecKeyInstance, 2018-04-08. Writes go below `CosPrefix`. */
export async function fetchMobileSecurityCredential(
  api: ApiClient,
  wish: { readonly cosRegion: string; readonly durationSeconds: number | null },
  now: () => number,
  signal?: AbortSignal,
): Promise<TemporaryCredential> {
  const region = wish.cosRegion === '' ? {} : { CosRegion: wish.cosRegion };
  const reply = wish.durationSeconds === null
    ? await create(api, region, signal)
    : await createForDuration(api, region, wish.durationSeconds, signal);
  const answer = parseFields(fields, reply);
  const token = answer.CosToken ?? answer.CosTocken;
  if (token === undefined) {
    throw new FerryError({ code: 'service-reply-unusable', params: { field: 'CosToken' }, requestId: answer.RequestId });
  }
  const suffix = `-${answer.CosAppid}`;
  const nowMs = now();
  return {
    service: 'ms',
    bucket: answer.CosBucket.endsWith(suffix) ? answer.CosBucket : answer.CosBucket + suffix,
    region: answer.CosRegion,
    scope: { kind: 'prefix', value: answer.CosPrefix.replace(/\/+$/, '') },
    tmpSecretId: answer.CosId,
    tmpSecretKey: answer.CosKey,
    token,
    startsAtMs: nowMs,
    expiresAtMs: answer.ExpireTime < smallestEpochSeconds ? nowMs + answer.ExpireTime * 1000 : answer.ExpireTime * 1000,
    requestId: answer.RequestId,
  };
}

type Payload = Readonly<Record<string, string | number>>;

function create(api: ApiClient, payload: Payload, signal?: AbortSignal): Promise<ApiReply> {
  return api.call({ product: 'ms', action: 'CreateCosSecKeyInstance', version: '2018-04-08', payload }, signal);
}

/** The bounds of Duration are not documented, so where one is refused the service's default is taken. */
async function createForDuration(api: ApiClient, region: Payload, durationSeconds: number, signal?: AbortSignal): Promise<ApiReply> {
  try {
    return await create(api, { ...region, Duration: durationSeconds }, signal);
  } catch (error) {
    const refused = error instanceof FerryError && (error.problem.code === 'parameter-value-refused' || error.problem.code === 'parameter-refused');
    if (!refused) throw error;
    return create(api, region, signal);
  }
}
