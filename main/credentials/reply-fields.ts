import * as v from 'valibot';
import { FerryError } from '../ferry-error.ts';
import type { ApiReply } from './api-client.ts';

// A bucket and a region become part of a host name, so nothing that could name another host may pass.
export const bucketName = v.pipe(v.string(), v.regex(/^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/));
export const regionName = v.pipe(v.string(), v.maxLength(40), v.regex(/^[a-z]{2,}(?:-[a-z0-9]+)+$/));
export const secret = v.pipe(v.string(), v.minLength(1), v.maxLength(8192), v.regex(/^[\x21-\x7e]+$/));

/** Seconds, as a duration or since 1970: nothing that is beyond what dates can hold. */
export const seconds = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e11));

/** An object key or a prefix of one: COS allows 850 bytes and neither a slash in front nor a way upward. */
export const keyPath = v.pipe(
  v.string(),
  v.minLength(1),
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  v.regex(/^[^/\\\u0000-\u001f\u007f][^\\\u0000-\u001f\u007f]*$/),
  v.check((value) => Buffer.byteLength(value) <= 850 && !value.split('/').some((segment) => segment === '..' || segment === '.')),
);

/** The reply's fields as the schema has them; throws `service-reply-unusable` with the first field that does not fit. */
export function parseFields<T>(schema: v.GenericSchema<unknown, T>, reply: ApiReply): T {
  const result = v.safeParse(schema, reply);
  if (result.success) return result.output;
  throw new FerryError({
    code: 'service-reply-unusable',
    params: { field: String(result.issues[0].path?.[0]?.key ?? 'Response') },
    requestId: reply.RequestId,
  });
}
