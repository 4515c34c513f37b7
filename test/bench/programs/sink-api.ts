import type { DroppedRequest, Reply } from './dropping-server.ts';

const lifeSeconds = 7200;

/** API 3.0: the two actions, for whoever asks, always with the same scope. */
export function answerApi({ headers }: DroppedRequest): Reply {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const response = headers['x-tc-action'] === 'CreateCosSecKeyInstance'
    ? {
      CosAppid: 1250000000, CosBucket: 'bench', CosRegion: 'ap-guangzhou', ExpireTime: lifeSeconds,
      CosId: 'AKIDbench', CosKey: 'bench-key', CosPrefix: 'bench', CosToken: 'bench-token', CosTocken: 'bench-token',
    }
    : {
      SecretID: 'AKIDbench', SecretKey: 'bench-key', SessionToken: 'bench-token', CosBucket: 'bench-1250000000', CosRegion: 'ap-guangzhou',
      Path: 'app/bench/application.zip', StartTime: nowSeconds, ExpiredTime: nowSeconds + lifeSeconds,
    };
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ Response: { ...response, RequestId: 'bench' } }) };
}
