import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { ApiError } from './api-error.ts';
import type { SandboxRules } from './sandbox-rules.ts';
import type { TemporaryKeys } from './temporary-keys.ts';

const APP_ID = 1250000000;
const DEFAULT_REGION = 'ap-guangzhou';
const REGION = /^[a-z]{2}-[a-z]+(-[a-z0-9]+)*$/;
const MIN_DURATION_S = 60;
const MAX_DURATION_S = 7200;

/** The buckets there are, as COS names them. */
export const MS_BUCKET = `ms-sandbox-${APP_ID}`;
export const CAR_BUCKET = `car-sandbox-${APP_ID}`;

export interface Action {
  readonly service: 'ms' | 'car';
  readonly version: string;
  /** The fields of `Response` but for RequestId; throws an `ApiError`. */
  run(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

export interface ActionContext {
  readonly keys: TemporaryKeys;
  readonly rules: SandboxRules;
  readonly applications: readonly string[];
  now(): number;
}

/** The actions by name, as their documents describe them. */
export function credentialActions(context: ActionContext): ReadonlyMap<string, Action> {
  return new Map<string, Action>([
    ['CreateCosSecKeyInstance', { service: 'ms', version: '2018-04-08', run: createCosSecKeyInstance(context) }],
    ['DescribeCosCredential', { service: 'car', version: '2022-01-10', run: describeCosCredential(context) }],
    ['DescribeApplicationList', { service: 'car', version: '2022-01-10', run: describeApplicationList(context) }],
  ]);
}

function createCosSecKeyInstance({ keys, rules, now }: ActionContext): Action['run'] {
  const parametersOf = v.object({ CosRegion: v.optional(v.string()), Duration: v.optional(v.pipe(v.number(), v.integer())) });
  let lastNumber = 0;

  return (raw) => {
    const parameters = parse(parametersOf, raw);
    const region = parameters.CosRegion ?? DEFAULT_REGION;
    if (!REGION.test(region)) throw badValue('CosRegion', 'is not a region');
    const seconds = parameters.Duration ?? rules.credentialLifeSeconds;
    if (parameters.Duration !== undefined && (seconds < MIN_DURATION_S || seconds > MAX_DURATION_S)) {
      throw badValue('Duration', `must be between ${MIN_DURATION_S} and ${MAX_DURATION_S}`);
    }
    const nowMs = now();
    if (rules.rotateScopes || lastNumber === 0) lastNumber = Math.max(lastNumber + 1, Math.floor(nowMs / 1000));
    const prefix = `pctool/${APP_ID}/${lastNumber}`;
    const key = keys.issue({
      bucket: MS_BUCKET, region, scope: { kind: 'prefix', value: prefix },
      startsAtMs: nowMs, expiresAtMs: nowMs + seconds * 1000,
    });
    return {
      CosAppid: APP_ID,
      // The service names the bucket without its appid, unlike car.
      CosBucket: MS_BUCKET.slice(0, -`-${APP_ID}`.length),
      CosRegion: region,
      ExpireTime: seconds,
      CosId: key.id,
      CosKey: key.secretKey,
      CosPrefix: prefix,
      CosToken: key.token,
      CosTocken: key.token,
    };
  };
}

function describeCosCredential({ keys, rules, applications, now }: ActionContext): Action['run'] {
  const parametersOf = v.object({ ApplicationId: v.string(), ApplicationFileName: v.optional(v.string()) });
  const versions = new Map<string, string>();

  return (raw) => {
    const { ApplicationId: applicationId, ApplicationFileName: fileName = 'application.zip' } = parse(parametersOf, raw);
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(applicationId)) throw badValue('ApplicationId', 'is not an application ID');
    const extension = /\.(zip|rar|7z)$/i.exec(fileName)?.[0].toLowerCase();
    if (extension === undefined) throw badValue('ApplicationFileName', 'must end in .zip, .rar or .7z');
    if (!applications.includes(applicationId)) {
      throw new ApiError('FailedOperation.ApplicationNotFind', 'The application does not exist.');
    }
    const kept = rules.rotateScopes ? undefined : versions.get(applicationId);
    const version = kept ?? `ver-${randomBytes(6).toString('hex')}`;
    versions.set(applicationId, version);
    const startsAtMs = now();
    const expiresAtMs = startsAtMs + rules.credentialLifeSeconds * 1000;
    const path = `${APP_ID}/${applicationId}/${version}/${applicationId}${extension}`;
    const key = keys.issue({
      bucket: CAR_BUCKET, region: DEFAULT_REGION, scope: { kind: 'key', value: path }, startsAtMs, expiresAtMs,
    });
    return {
      SecretID: key.id,
      SecretKey: key.secretKey,
      SessionToken: key.token,
      CosBucket: key.bucket,
      CosRegion: key.region,
      Path: path,
      StartTime: Math.floor(startsAtMs / 1000),
      ExpiredTime: Math.floor(expiresAtMs / 1000),
    };
  };
}

/** An application is called as its ID says: `app-space-game` is “Space game”. */
function describeApplicationList({ applications }: ActionContext): Action['run'] {
  const count = v.pipe(v.number(), v.integer(), v.minValue(0));
  const parametersOf = v.object({ Offset: count, Limit: count, Filters: v.optional(v.array(v.unknown())), ApplicationCategory: v.optional(v.string()) });

  return (raw) => {
    const { Offset: offset, Limit: limit } = parse(parametersOf, raw);
    return {
      UserApplicationList: applications.slice(offset, offset + limit).map((id) => ({ ApplicationId: id, ApplicationName: nameOf(id) })),
      UserMobileApplicationList: [],
      ApplicationTotal: applications.length,
    };
  };
}

function nameOf(applicationId: string): string {
  const words = applicationId.replace(/^app-/, '').replaceAll(/[-_]+/g, ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function parse<const E extends v.ObjectEntries>(
  schema: v.ObjectSchema<E, undefined>,
  raw: Readonly<Record<string, unknown>>,
): v.InferOutput<v.ObjectSchema<E, undefined>> {
  for (const name of Object.keys(raw)) {
    if (!(name in schema.entries)) throw new ApiError('UnknownParameter', `The parameter \`${name}\` is not recognized.`);
  }
  const result = v.safeParse(schema, raw);
  if (result.success) return result.output;
  const name = v.getDotPath(result.issues[0]) ?? '';
  throw name in raw
    ? new ApiError('InvalidParameter', `The value type of parameter \`${name}\` is not valid.`)
    : new ApiError('MissingParameter', `The request is missing a required parameter \`${name}\`.`);
}

function badValue(name: string, why: string): ApiError {
  return new ApiError('InvalidParameterValue', `The value of parameter \`${name}\` ${why}.`);
}
