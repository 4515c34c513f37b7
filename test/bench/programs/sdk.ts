import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import COS from 'cos-nodejs-sdk-v5';

/**
 * cos-nodejs-sdk-v5 as its documentation uses it: a file by sliceUploadFile, a folder by
 * uploadFiles. Arguments: `host:port`, the prefix, the path, and `default` or `tuned` (8 × 8 MiB).
 */
const [domain = '', prefix = '', source = '', tuning = 'default'] = process.argv.slice(2);
const place = { Bucket: 'bench-1250000000', Region: 'ap-guangzhou' };
const eightMebibytes = 8 * 1024 * 1024;
const cos = new COS({
  SecretId: 'AKIDbench', SecretKey: 'bench-key', Domain: domain, Protocol: 'http:', KeepAlive: true,
  ...(tuning === 'tuned' ? { ChunkSize: eightMebibytes, ChunkParallelLimit: 8, FileParallelLimit: 8 } : {}),
});

if (statSync(source).isDirectory()) {
  const names = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(path.join(source, name)).isFile());
  const files = names.map((name) => ({ ...place, Key: `${prefix}/${path.basename(source)}/${name}`, FilePath: path.join(source, name) }));
  const done = await cos.uploadFiles({ files });
  const failed = done.files.find(({ error }) => error);
  if (failed) throw failed.error;
} else {
  await cos.sliceUploadFile({ ...place, Key: `${prefix}/${path.basename(source)}`, FilePath: source });
}
