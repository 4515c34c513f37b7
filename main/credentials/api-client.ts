import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import type { Connectivity } from '../connectivity.ts';
import { FerryError } from '../ferry-error.ts';
import { retry, type Worth } from '../retry.ts';
import { serviceError } from './service-errors.ts';

// The official client's own signer. Its CommonClient is not used: it signs the first label of an
// endpoint as the product, which is wrong for a private endpoint, and takes no clock.
const { default: Sign } = createRequire(import.meta.url)('tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js') as
  typeof import('tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js');

/** One API 3.0 call. `product` is the name the signature is made for: `ms`, `car`. */
export interface ApiCall {
  readonly product: string;
  readonly action: string;
  readonly version: string;
  readonly payload: Readonly<Record<string, string | number>>;
}

export interface ApiKey {
  readonly secretId: string;
  readonly secretKey: string;
}

export interface ApiClientOptions {
  readonly endpointFor: (product: string) => string;
  readonly key: () => Promise<ApiKey>;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly connectivity: Connectivity;
  /** A person waits for the answer: it is not tried for long, and never endlessly. */
  readonly impatient?: boolean;
  /** A call is tried again after a wait. */
  readonly onRetry?: (error: unknown, delayMs: number) => void;
}

// Both documents allow 20 requests a second; 55 ms apart stays below it with room for jitter on the way.
const apartMs = 55;
const timeoutMs = 20_000;

/** Keeps calls apart so that no more than the allowed number starts in any second. Shared by all clients. */
export class Pace {
  #nextAtMs = 0;

  async turn(signal?: AbortSignal): Promise<void> {
    const nowMs = performance.now();
    const atMs = Math.max(nowMs, this.#nextAtMs);
    this.#nextAtMs = atMs + apartMs;
    if (atMs > nowMs) await sleep(atMs - nowMs, undefined, signal ? { signal } : {});
  }
}

const replySchema = v.object({
  Response: v.looseObject({
    RequestId: v.string(),
    Error: v.optional(v.object({ Code: v.string(), Message: v.string() })),
  }),
});

export type ApiReply = v.InferOutput<typeof replySchema>['Response'];

/**
 * Calls API 3.0 actions with TC3-HMAC-SHA256 (Tencent Cloud API 3.0, "Signature method v3").
 * Throws FerryErrors: the service's own codes, `network-unreachable`, `network-timeout`,
 * `service-no-answer`, `service-reply-unusable`.
 */
export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  async call(call: ApiCall, signal?: AbortSignal): Promise<ApiReply> {
    const key = await this.#options.key();
    const { connectivity, impatient, onRetry } = this.#options;
    return retry(() => this.#once(call, key, signal), {
      attempts: impatient ? 2 : 6,
      baseDelayMs: 400,
      maxDelayMs: 20_000,
      sleep: (delayMs, during) => connectivity.sleep(delayMs, during),
      worth: (error) => this.#worth(error),
      ...(signal ? { signal } : {}),
      ...(onRetry ? { onRetry } : {}),
    });
  }

  #worth(error: unknown): Worth {
    if (!(error instanceof FerryError)) return 'no';
    const { code } = error.problem;
    if (code === 'network-unreachable' || code === 'network-timeout') return this.#options.impatient ? 'some' : 'endless';
    return retryableCodes.has(code) ? 'some' : 'no';
  }

  async #once(call: ApiCall, key: ApiKey, signal?: AbortSignal): Promise<ApiReply> {
    await this.#options.pace.turn(signal);
    const url = new URL('/', this.#options.endpointFor(call.product)).href;
    const { clock } = this.#options;
    const response = await this.#send(url, call, key, signal);
    const clockWasWrong = clock.learn(response.date);
    if (response.status >= 500) {
      throw new FerryError({ code: 'service-no-answer', detail: `HTTP ${response.status}` });
    }
    const parsed = v.safeParse(replySchema, parseJson(response.text));
    if (!parsed.success) {
      throw new FerryError({
        code: 'service-reply-unusable',
        params: { field: 'Response' },
        detail: `HTTP ${response.status}: not an API 3.0 reply`,
      });
    }
    const reply = parsed.output.Response;
    if (!reply.Error) return reply;
    const error = serviceError(reply.Error.Code, reply.Error.Message, reply.RequestId, call.payload);
    // Refused for the time alone: with the server's own it is asked once more, at once.
    if (error.problem.code === 'clock-wrong' && clockWasWrong) return this.#once(call, key, signal);
    throw error;
  }

  async #send(url: string, call: ApiCall, key: ApiKey, signal?: AbortSignal): Promise<{ status: number; text: string; date: string | null }> {
    const { host } = new URL(url);
    const timestamp = Math.floor(this.#options.clock.now() / 1000);
    const headers = {
      'Content-Type': 'application/json',
      'X-TC-Action': call.action,
      'X-TC-Timestamp': String(timestamp),
      'X-TC-Version': call.version,
      'X-TC-Language': 'en-US',
    };
    const authorization = Sign.sign3({
      method: 'POST', url, payload: call.payload, timestamp, service: call.product,
      secretId: key.secretId, secretKey: key.secretKey, multipart: false, boundary: '', headers,
    });
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, Authorization: authorization },
        body: JSON.stringify(call.payload),
        redirect: 'error',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const text = await response.text();
      this.#options.connectivity.answered();
      return { status: response.status, text, date: response.headers.get('date') };
    } catch (error) {
      signal?.throwIfAborted();
      this.#options.connectivity.unanswered();
      if (timeout.aborted) throw new FerryError({ code: 'network-timeout', params: { host } }, { cause: error });
      throw new FerryError({ code: 'network-unreachable', params: { host }, detail: causeOf(error) }, { cause: error });
    }
  }
}

const retryableCodes: ReadonlySet<string> = new Set(['service-no-answer', 'service-internal', 'rate-limited']);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch says only "fetch failed"; the reason is in its cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || cause.name : String(cause);
}
