import type { Agent, ClientRequestArgs } from 'node:http';
import type { AgentOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

// Whoever has them opened is about to use them.
const unusedMs = 10_000;

const taken = new WeakSet<Duplex>();

/** Whether it was opened ahead, and open by the time it was taken. */
export function wasSpare(connection: Duplex): boolean {
  return taken.has(connection);
}

/** Connections that an agent's requests find open already. */
export class SpareConnections {
  readonly #options: AgentOptions;
  readonly #open: (options: AgentOptions) => Duplex | null | undefined;
  readonly #spares = new Map<Duplex, string>();

  /** From now on the agent takes a spare connection, where there is one, before it opens another; `options` are what it opens them with. */
  constructor(agent: Agent, options: AgentOptions) {
    this.#options = options;
    const open = agent.createConnection.bind(agent);
    this.#open = open;
    agent.createConnection = (options, created) => this.#take(placeOf(options)) ?? open(options, created);
  }

  /** Opens so many. One that fails, or that nobody takes within ten seconds, is forgotten. */
  open(place: { readonly host: string; readonly port: number; readonly servername: string }, many: number): void {
    for (let opened = 0; opened < many; opened++) {
      const socket = this.#open({ ...this.#options, ...place });
      if (!socket) return;
      this.#spares.set(socket, placeOf(place));
      socket.on('error', () => { this.#spares.delete(socket); });
      setTimeout(() => { if (this.#spares.delete(socket)) socket.destroy(); }, unusedMs).unref();
    }
  }

  #take(place: string): Duplex | null {
    for (const [socket, to] of this.#spares) {
      if (to !== place) continue;
      this.#spares.delete(socket);
      if (socket.destroyed || socket.readableEnded) continue;
      if (!(socket as Socket).connecting) taken.add(socket);
      return socket;
    }
    return null;
  }
}

function placeOf({ host, port }: Pick<ClientRequestArgs, 'host' | 'port'>): string {
  return `${host ?? ''}:${port ?? ''}`;
}
