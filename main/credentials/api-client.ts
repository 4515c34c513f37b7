import sign from 'tencentcloud-sdk-nodejs-common/tencentcloud/common/sign.js';
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import type { Connections } from '../connections.ts';
import type { Connectivity } from '../connectivity.ts';
import { isDistrust } from '../distrust.ts';
import { FerryError } from '../ferry-error.ts';
import type { Patience } from '../patience.ts';
import { retry, type Worth } from '../retry.ts';
import type { Pace } from './pace.ts';
import { serviceError } from './service-errors.ts';

// The official client's own signer. Its CommonClient is not used: it signs the first label of an
// endpoint as the product, which is wrong for a private endpoint, and takes no clock.
// Node imports CommonJS as a whole.
const { default: Sign } = sign as unknown as { readonly default: typeof sign };

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
  readonly patience: Patience;
  readonly connections: Connections;
  /** Ends all calls. */
  readonly until?: AbortSignal;
  /** A person waits for the answer: it is not tried for long, and never endlessly. */
  readonly impatient?: boolean;
  /** A call is tried again after a wait. */
  readonly onRetry?: (error: unknown, delayMs: number) => void;
}

/** Shown to a person, so no more of it than one would read. */
const words = (most: number) => v.pipe(v.string(), v.transform((text) => text.slice(0, most)));

const replySchema = v.object({
  Response: v.looseObject({
    RequestId: words(128),
    Error: v.optional(v.object({ Code: words(128), Message: words(2000) })),
  }),
});

export type ApiReply = v.InferOutput<typeof replySchema>['Response'];

/**
 * Calls API 3.0 actions with TC3-HMAC-SHA256 (Tencent Cloud API 3.0, "Signature method v3").
 * Throws FerryErrors: the service's own codes, `network-unreachable`, `network-timeout`,
 * `store-not-trusted`, `service-no-answer`, `service-reply-unusable`.
 */
export class ApiClient {
  readonly #options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  async call(call: ApiCall, signal?: AbortSignal): Promise<ApiReply> {
    const key = await this.#options.key();
    const { connectivity, impatient, onRetry, patience, until } = this.#options;
    const ends = signal && until ? AbortSignal.any([signal, until]) : signal ?? until;
    return retry(() => this.#once(call, key, ends), {
      attempts: impatient ? 2 : 10,
      outageMs: patience.outageMs,
      baseDelayMs: patience.baseDelayMs,
      maxDelayMs: patience.maxDelayMs,
      sleepOffline: (delayMs, during) => connectivity.sleep(delayMs, during),
      worth: (error) => this.#worth(error),
      ...(ends ? { signal: ends } : {}),
      ...(onRetry ? { onRetry } : {}),
    });
  }

  #worth(error: unknown): Worth {
    if (!(error instanceof FerryError)) return 'no';
    const { code } = error.problem;
    const { impatient } = this.#options;
    if (code === 'network-unreachable' || code === 'network-timeout') return impatient ? 'some' : 'endless';
    if (!isPassing(error)) return 'no';
    return impatient ? 'some' : 'long';
  }

  async #once(call: ApiCall, key: ApiKey, signal?: AbortSignal, isSecond = false): Promise<ApiReply> {
    await this.#options.pace.turn(signal);
    const url = new URL('/', this.#options.endpointFor(call.product)).href;
    const { clock } = this.#options;
    const signedAtOffsetMs = clock.offsetMs;
    const response = await this.#send(url, call, key, signal);
    const clockWasWrong = clock.learn(response.date, signedAtOffsetMs);
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
    if (error.problem.code === 'clock-wrong' && clockWasWrong && !isSecond) return this.#once(call, key, signal, true);
    throw error;
  }

  async #send(url: string, call: ApiCall, key: ApiKey, signal?: AbortSignal): Promise<{ readonly status: number; readonly text: string; readonly date: string | undefined }> {
    const { host, protocol } = new URL(url);
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
    const { connections, connectivity, patience } = this.#options;
    const timeout = AbortSignal.timeout(patience.answerMs);
    try {
      const body = JSON.stringify(call.payload);
      const { status, headers: replied, text } = await connections.exchange({
        method: 'POST', protocol: protocol === 'http:' ? 'http:' : 'https:', host, path: '/',
        headers: { ...headers, Authorization: authorization, 'Content-Length': String(Buffer.byteLength(body)) },
        body,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      connectivity.answered();
      return { status, text, date: replied.date };
    } catch (error) {
      signal?.throwIfAborted();
      const { code, message } = error as NodeJS.ErrnoException;
      if (isDistrust({ code, message })) throw new FerryError({ code: 'store-not-trusted', params: { host }, detail: message }, { cause: error });
      connectivity.unanswered();
      if (timeout.aborted) throw new FerryError({ code: 'network-timeout', params: { host } }, { cause: error });
      throw new FerryError({ code: 'network-unreachable', params: { host }, detail: message || code || '' }, { cause: error });
    }
  }
}

const passingCodes: ReadonlySet<string> = new Set(['service-no-answer', 'service-internal', 'rate-limited']);

/** Whether the service has answered that it is not able to at present. */
export function isPassing(error: unknown): boolean {
  return error instanceof FerryError && passingCodes.has(error.problem.code);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
