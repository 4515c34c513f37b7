import { request as httpRequest } from 'node:http';
import { Agent, request as httpsRequest, type AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls';
import { proxyAuthorization } from './proxy.ts';

type Created = (error: Error | null, socket?: Duplex) => void;

/** Reaches https hosts through a tunnel that a proxy opens (CONNECT); TLS is with the host itself. */
export class TunnelAgent extends Agent {
  readonly #proxy: URL;

  constructor(proxy: URL, options: AgentOptions) {
    super(options);
    this.#proxy = proxy;
  }

  // How Node's agent asks for a connection; the callback is its way to wait for one.
  override createConnection(options: ConnectionOptions, created: Created): undefined {
    const place = `${options.host ?? ''}:${options.port ?? 443}`;
    const proxy = this.#proxy;
    const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)(proxy, {
      method: 'CONNECT', path: place, headers: { Host: place, ...proxyAuthorization(proxy) }, agent: false, rejectUnauthorized: true,
    });
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) {
        created(null, tlsConnect({ ...options, socket, servername: options.servername ?? options.host ?? '' }));
        return;
      }
      socket.destroy();
      created(new Error(`The proxy ${proxy.host} answered ${response.statusCode ?? 0}.`));
    });
    request.once('error', created);
    request.end();
  }
}
