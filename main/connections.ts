import { abandonable } from './abandonable.ts';
import { HttpAgents, replyTo, type HttpHead, type HttpReply } from './http-agents.ts';
import { noProxy, type ProxyFor } from './proxy.ts';
import { withSystemTrust } from './system-trust.ts';

export interface HttpRequest extends HttpHead {
  readonly body: string | null;
  /** Ends the request, whatever it is about, and closes its connection. */
  readonly signal: AbortSignal;
}

/** The connections to API 3.0 and COS: kept alive, shared, and through the proxy that the system names for a host. */
export class Connections {
  readonly #proxyFor: ProxyFor;
  readonly #agents = new HttpAgents();

  constructor(proxyFor: ProxyFor = noProxy) {
    this.#proxyFor = proxyFor;
  }

  /** The proxy that a host is reached through, null for none. */
  proxyOf({ protocol, host }: Pick<HttpHead, 'protocol' | 'host'>): Promise<string | null> {
    return this.#proxyFor(`${protocol}//${host}/`);
  }

  /**
   * One request, tried once and as it is: no redirect is followed. Rejects with Node's error where no
   * whole reply came, or with the signal's reason.
   */
  exchange(request: HttpRequest): Promise<HttpReply> {
    return abandonable(withSystemTrust(() => this.#once(request)), request.signal);
  }

  /** Closes what is idle. */
  close(): void {
    this.#agents.close();
  }

  async #once(request: HttpRequest): Promise<HttpReply> {
    const { signal } = request;
    const proxy = await this.proxyOf(request);
    await this.#agents.prepare(proxy);
    signal.throwIfAborted();
    const sent = this.#agents.open(request, proxy);
    const end = (): void => { sent.destroy(signal.reason as Error); };
    signal.addEventListener('abort', end, { once: true });
    try {
      const reply = replyTo(sent);
      sent.end(request.body ?? undefined);
      return await reply;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      signal.removeEventListener('abort', end);
      // A reply may come before all of the body has gone; nothing else can follow on that connection.
      if (!sent.writableFinished) sent.destroy();
    }
  }
}
