import * as v from 'valibot';
import type { ApiClient } from './api-client.ts';
import { bucketName, keyPath, parseFields, regionName, seconds, secret } from './reply-fields.ts';
import type { TemporaryCredential } from './temporary-credential.ts';

const fields = v.object({
  SecretID: secret,
  SecretKey: secret,
  SessionToken: secret,
  CosBucket: bucketName,
  CosRegion: regionName,
  Path: keyPath,
  StartTime: seconds,
  ExpiredTime: seconds,
  RequestId: v.string(),
});

/**
 * Fetches keys for Cloud Application Rendering: DescribeCosCredential, 2022-01-10. They write
 * exactly one object, `Path`. The file name must end in .zip, .rar or .7z.
 */
export async function fetchApplicationRenderingCredential(
  api: ApiClient,
  wish: { readonly applicationId: string; readonly fileName: string },
  signal?: AbortSignal,
): Promise<TemporaryCredential> {
  const reply = await api.call({
    product: 'car',
    action: 'DescribeCosCredential',
    version: '2022-01-10',
    payload: { ApplicationId: wish.applicationId, ApplicationFileName: wish.fileName },
  }, signal);
  const answer = parseFields(fields, reply);
  return {
    service: 'car',
    bucket: answer.CosBucket,
    region: answer.CosRegion,
    scope: { kind: 'key', value: answer.Path },
    tmpSecretId: answer.SecretID,
    tmpSecretKey: answer.SecretKey,
    token: answer.SessionToken,
    startsAtMs: answer.StartTime * 1000,
    expiresAtMs: answer.ExpiredTime * 1000,
    requestId: answer.RequestId,
  };
}
