import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from './api-error.ts';
import { credentialActions } from './credential-actions.ts';
import type { Action, ActionContext } from './credential-actions.ts';
import { plainHeaders, readSmallBody, splitUrl } from './http-request.ts';
import { RateLimit } from './rate-limit.ts';
import { verifyTc3 } from './tc3-verify.ts';

const REQUESTS_PER_SECOND = 20;
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface ApiContext extends ActionContext {
  secretKeyOf(secretId: string): string | undefined;
}

/** API 3.0: answers one request; settles with the error code it answered, null for success. */
export type ApiService = (req: IncomingMessage, res: ServerResponse) => Promise<string | null>;

/** The API 3.0 half of the sandbox: who may call, how often, and which action it is. */
export function createApiService(context: ApiContext): ApiService {
  const actions = credentialActions(context);
  const rateLimit = new RateLimit(REQUESTS_PER_SECOND);

  async function answer(req: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
    const headers = plainHeaders(req.headers);
    if (req.method !== 'POST') throw new ApiError('UnsupportedProtocol', 'Only POST is supported.');
    const body = await readSmallBody(req, MAX_BODY_BYTES);
    if (body === null) throw new ApiError('RequestSizeLimitExceeded', 'The request is larger than 10 MB.');

    const name = headers['x-tc-action'] ?? '';
    const action = actions.get(name);
    const secretId = verifyTc3({ method: req.method, ...splitUrl(req.url ?? '/'), headers, body }, {
      nowMs: context.now(),
      services: action === undefined ? ['ms', 'car'] : [action.service],
      secretKeyOf: context.secretKeyOf,
    });
    if (headers['x-tc-token']) throw new ApiError('AuthFailure.TokenFailure', 'The SecretId is not a temporary one and takes no token.');
    if (action === undefined) throw new ApiError('InvalidAction', `The action \`${name}\` does not exist.`);
    checkVersion(action, headers['x-tc-version']);
    if (!rateLimit.accept(`${secretId} ${name}`, context.now())) {
      throw new ApiError('RequestLimitExceeded', `Your requests exceed the frequency limit \`${REQUESTS_PER_SECOND}\` for a second. Please reduce the frequency of calls.`);
    }
    return action.run(parseParameters(headers['content-type'], body));
  }

  return async (req, res) => {
    let response: Readonly<Record<string, unknown>>;
    let code: string | null = null;
    try {
      response = await answer(req);
    } catch (error) {
      if (req.destroyed && !req.complete) throw error;
      const refusal = error instanceof ApiError ? error : new ApiError('InternalError', error instanceof Error ? error.message : String(error));
      code = refusal.code;
      response = { Error: { Code: refusal.code, Message: refusal.message } };
    }
    res.writeHead(200, { 'Content-Type': 'application/json' });
    res.end(JSON.stringify({ Response: { ...response, RequestId: randomUUID() } }));
    return code;
  };
}

function checkVersion(action: Action, version: string | undefined): void {
  if (version === undefined) throw new ApiError('MissingParameter', 'The request is missing a required parameter `X-TC-Version`.');
  if (version !== action.version) throw new ApiError('NoSuchVersion', `The version \`${version}\` does not exist.`);
}

function parseParameters(contentType: string | undefined, body: Buffer): Readonly<Record<string, unknown>> {
  if (!/^application\/json\b/i.test(contentType ?? '')) throw new ApiError('InvalidParameter', 'The Content-Type must be application/json.');
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // Falls through to the one answer for every body that is not a JSON object.
  }
  throw new ApiError('InvalidParameter', 'The body is not a JSON object.');
}
