import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { noProxy, proxyAuthorization, type ProxyFor } from './proxy.ts';
import { TunnelAgent } from './tunnel-agent.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly protocol: 'http:' | 'https:';
  /** With the port, where it is not the usual one. */
  readonly host: string;
  /** With the query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable | null;
  /** Ends the request, whatever it is about, and closes its connection. */
  readonly signal: AbortSignal;
}

/** A reply that has arrived whole. */
export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

// No reply of API 3.0 or COS that is read here comes near it.
const mostReplyBytes = 16 * 1024 * 1024;

/** The connections to API 3.0 and COS: kept alive, shared, and through the proxy that the system names for a host. */
export class Connections {
  readonly #proxyFor: ProxyFor;
  readonly #agents = new Map<string, HttpAgent>();

  constructor(proxyFor: ProxyFor = noProxy) {
    this.#proxyFor = proxyFor;
  }

  /**
   * One request, tried once and as it is: no redirect is followed. Rejects with Node's error where no
   * whole reply came, or with the signal's reason.
   */
  async exchange(request: HttpRequest): Promise<HttpReply> {
    const { protocol, host, signal } = request;
    const named = await this.#proxyFor(`${protocol}//${host}/`);
    signal.throwIfAborted();
    const sent = this.#request(request, named === null ? null : new URL(named));
    try {
      const response = await responseTo(sent, request.body);
      const text = await readWhole(response);
      return { status: response.statusCode ?? 0, headers: response.headers, text };
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      // A reply may come before all of the body has gone; nothing else can follow on that connection.
      if (!sent.writableFinished) sent.destroy();
    }
  }

  /** Closes what is idle. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #request({ method, protocol, host, path, headers, signal }: HttpRequest, proxy: URL | null): ClientRequest {
    const target = new URL(`${protocol}//${host}`);
    const options: RequestOptions = { method, signal, headers: { ...headers, Host: host }, path };
    if (proxy && protocol === 'http:') {
      return send(proxy.protocol, {
        ...options, ...placeOf(proxy), path: `http://${host}${path}`,
        headers: { ...options.headers as Record<string, string>, ...proxyAuthorization(proxy) },
        agent: this.#agent(proxy.protocol, null),
      });
    }
    return send(protocol, { ...options, ...placeOf(target), agent: this.#agent(protocol, proxy) });
  }

  #agent(protocol: string, proxy: URL | null): HttpAgent {
    const id = `${protocol} ${proxy?.href ?? ''}`;
    const known = this.#agents.get(id);
    if (known) return known;
    // Said here, since NODE_TLS_REJECT_UNAUTHORIZED could otherwise take it away.
    const options = { keepAlive: true, rejectUnauthorized: true };
    const agent = proxy ? new TunnelAgent(proxy, options) : protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
    this.#agents.set(id, agent);
    return agent;
  }
}

function send(protocol: string, options: RequestOptions): ClientRequest {
  return protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
}

function placeOf(url: URL): { readonly hostname: string; readonly port: string } {
  return { hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port || (url.protocol === 'https:' ? '443' : '80') };
}

function responseTo(request: ClientRequest, body: HttpRequest['body']): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Also after the response: without a listener it would end the process.
    request.on('error', reject);
    if (body === null || typeof body === 'string') {
      request.end(body ?? undefined);
      return;
    }
    // Under a limit the body may come later, when what the request was signed with has ended.
    request.flushHeaders();
    body.once('error', (error) => { request.destroy(error); });
    body.pipe(request);
  });
}

async function readWhole(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostReplyBytes) throw new Error('The reply is too long.');
    chunks.push(chunk);
  }
  if (!response.complete) throw new Error('The reply was cut short.');
  return Buffer.concat(chunks).toString('utf8');
}
