import type COS from 'cos-nodejs-sdk-v5';
import { readFile } from 'node:fs/promises';
import type { Sandbox } from '../../main/sandbox/sandbox.ts';
import { cosClient, msCredential } from './sandbox-clients.ts';

/** One multipart upload begun with the SDK. */
export async function beginUpload(sandbox: Sandbox, name = 'game.zip') {
  const credential = await msCredential(sandbox);
  const cos = cosClient(sandbox, credential);
  const object = { Bucket: credential.bucket, Region: credential.region, Key: `${credential.scope}/${name}` };
  const { UploadId } = await cos.multipartInit(object);
  const upload = { ...object, UploadId };
  return {
    credential, cos, object, upload,
    send: (PartNumber: number, Body: Buffer) => cos.multipartUpload({ ...upload, PartNumber, Body }),
    complete: (Parts: COS.Part[]) => cos.multipartComplete({ ...upload, Parts }),
    list: (paging: { MaxParts?: number; PartNumberMarker?: number } = {}): Promise<COS.MultipartListPartResult & { Key?: string }> => cos.multipartListPart({
      ...upload, ...paging, PartNumberMarker: String(paging.PartNumberMarker ?? 0),
    }),
    abort: () => cos.multipartAbort(upload),
    stored: () => readFile(sandbox.objectPath(object.Bucket, object.Key)),
  };
}
