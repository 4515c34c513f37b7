import type { IncomingMessage, ServerResponse } from 'node:http';

const lifeSeconds = 7200;

/** API 3.0: the two actions, for whoever asks, always with the same scope. */
export function answerApi(req: IncomingMessage, res: ServerResponse): void {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const response = req.headers['x-tc-action'] === 'CreateCosSecKeyInstance'
    ? {
      CosAppid: 1250000000, CosBucket: 'bench', CosRegion: 'ap-guangzhou', ExpireTime: lifeSeconds,
      CosId: 'AKIDbench', CosKey: 'bench-key', CosPrefix: 'bench', CosToken: 'bench-token', CosTocken: 'bench-token',
    }
    : {
      SecretID: 'AKIDbench', SecretKey: 'bench-key', SessionToken: 'bench-token', CosBucket: 'bench-1250000000', CosRegion: 'ap-guangzhou',
      Path: 'app/bench/application.zip', StartTime: nowSeconds, ExpiredTime: nowSeconds + lifeSeconds,
    };
  res.setHeader('Content-Type', 'application/json').end(JSON.stringify({ Response: { ...response, RequestId: 'bench' } }));
}
