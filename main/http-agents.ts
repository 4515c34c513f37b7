import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type AgentOptions } from 'node:https';
import { isIP } from 'node:net';
import type { SocksProxyAgent } from 'socks-proxy-agent';
import { isSocks, proxyAuthorization } from './proxy.ts';
import { SpareConnections, wasSpare } from './spare-connections.ts';
import { TunnelAgent } from './tunnel-agent.ts';

/** A request but for its body. */
export interface HttpHead {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly protocol: 'http:' | 'https:';
  /** With the port, where it is not the usual one. */
  readonly host: string;
  /** With the query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A reply that has arrived whole. */
export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

// TLS is said here, since NODE_TLS_REJECT_UNAUTHORIZED could otherwise take it away.
const connectionOptions: AgentOptions = { keepAlive: true, noDelay: true, rejectUnauthorized: true };
// No reply of API 3.0 or COS that is read here comes near it.
const mostReplyBytes = 16 * 1024 * 1024;

/** The connections of one thread: kept alive, one pool for each way out. */
export class HttpAgents {
  readonly #agents = new Map<string, HttpAgent>();
  readonly #spares = new Map<string, SpareConnections>();
  #socks: typeof SocksProxyAgent | null = null;

  /** To be awaited before a proxy is gone through: the agent for SOCKS is loaded only where there is one. */
  async prepare(proxy: string | null): Promise<void> {
    if (proxy !== null && isSocks(new URL(proxy))) this.#socks ??= (await import('socks-proxy-agent')).SocksProxyAgent;
  }

  /** Begins a request, directly or through an HTTP or SOCKS proxy, given as a URL; nothing is sent before its body or its end. `alone`: on a new connection, used for nothing else. */
  open({ method, protocol, host, path, headers }: HttpHead, proxy: string | null, alone = false): ClientRequest {
    const options: RequestOptions = { method, headers: { ...headers, Host: host }, path };
    const through = proxy === null ? null : new URL(proxy);
    if (through && !isSocks(through) && protocol === 'http:') {
      return send(through.protocol, {
        ...options, ...placeOf(through), path: `http://${host}${path}`,
        headers: { ...headers, Host: host, ...proxyAuthorization(through) },
        agent: this.#agent(through.protocol, null, alone),
      });
    }
    // The SOCKS agent tells by `protocol` whether there is TLS behind the proxy.
    return send(protocol, { ...options, ...placeOf(new URL(`${protocol}//${host}`)), protocol, agent: this.#agent(protocol, through, alone) });
  }

  /** Opens connections to a host, directly, for requests that are about to come. */
  openAhead({ protocol, host }: Pick<HttpHead, 'protocol' | 'host'>, many: number): void {
    const agent = this.#agent(protocol, null);
    const spares = this.#spares.get(protocol) ?? new SpareConnections(agent, connectionOptions);
    this.#spares.set(protocol, spares);
    spares.open(endpointOf(new URL(`${protocol}//${host}`)), many);
  }

  /** Closes what is idle. */
  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
  }

  #agent(protocol: string, proxy: URL | null, alone = false): HttpAgent {
    if (alone) return newAgent(protocol, proxy, this.#socks, { ...connectionOptions, keepAlive: false });
    const id = `${protocol} ${proxy?.href ?? ''}`;
    const known = this.#agents.get(id);
    if (known) return known;
    const agent = newAgent(protocol, proxy, this.#socks, connectionOptions);
    this.#agents.set(id, agent);
    return agent;
  }
}

function newAgent(protocol: string, proxy: URL | null, Socks: typeof SocksProxyAgent | null, options: AgentOptions): HttpAgent {
  if (proxy && Socks && isSocks(proxy)) return new Socks(proxy, options);
  if (proxy) return new TunnelAgent(proxy, options);
  return protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
}

/** As Node says it where it is the one to see it. */
export function closedByPeer(): Error {
  return Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' });
}

/** Whether the other side has closed the connection, with or without a word. */
export function isClosedByPeer(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  // On Windows a reset may be seen as aborted.
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED';
}

/** Whether the request has gone on a connection that was open before it was made: one that the other side may have closed just then. */
export function wasOpenBefore({ reusedSocket, socket }: ClientRequest): boolean {
  return reusedSocket || (socket !== null && wasSpare(socket));
}

/** The whole reply to a request. Rejects with Node's error where none comes, or one that is cut short. */
export function replyTo(request: ClientRequest, onMoved: () => void = () => undefined): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    // Also after the response: without a listener it would end the process.
    request.on('error', reject);
    request.once('close', () => { reject(closedByPeer()); });
    request.once('response', (response) => {
      onMoved();
      readWhole(response, onMoved, (text) => { resolve({ status: response.statusCode ?? 0, headers: response.headers, text }); }, reject);
    });
  });
}

function readWhole(response: IncomingMessage, onMoved: () => void, whole: (text: string) => void, broken: (error: Error) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    onMoved();
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > mostReplyBytes) response.destroy(new Error('The reply is too long.'));
  });
  response.once('end', () => { whole(Buffer.concat(chunks).toString('utf8')); });
  response.on('error', broken);
  response.once('close', () => { if (!response.complete) broken(new Error('The reply was cut short.')); });
}

function send(protocol: string, options: RequestOptions): ClientRequest {
  return protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
}

/** Where a connection to a host goes, and the name that TLS says there: none for an address. */
export function endpointOf(url: URL): { readonly host: string; readonly port: number; readonly servername: string } {
  const { hostname, port } = placeOf(url);
  return { host: hostname, port: Number(port), servername: isIP(hostname) ? '' : hostname };
}

function placeOf(url: URL): { readonly hostname: string; readonly port: string } {
  return { hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'), port: url.port || (url.protocol === 'https:' ? '443' : '80') };
}
