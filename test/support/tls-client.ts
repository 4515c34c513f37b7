/**
 * Sends small requests over TLS in a process of its own, which alone can be told whom to trust: a
 * TlsStep a line, a TlsAnswer a line. Everything of one process shares its connections and sessions.
 */
import { createInterface } from 'node:readline';
import { HttpAgents, type HttpReply } from '../../main/http-agents.ts';
import { headRoomBytes, PutSockets } from '../../main/transfer/put-sockets.ts';
import { sendBody } from '../../main/transfer/send-body.ts';
import { Throttle } from '../../main/transfer/throttle.ts';

export interface TlsStep {
  /** ahead: by an agent, on a connection that is open already. */
  readonly way: 'socket' | 'agent' | 'ahead';
  readonly host: string;
}

export type TlsAnswer = { readonly status: number } | { readonly code: string; readonly message: string };

const agents = new HttpAgents();
const sockets = new PutSockets();
const stallMs = 5_000;
const body = Buffer.from('body');

for await (const line of createInterface({ input: process.stdin })) {
  const answer = await send(JSON.parse(line) as TlsStep).then(
    ({ status }): TlsAnswer => ({ status }),
    ({ code = '', message }: NodeJS.ErrnoException): TlsAnswer => ({ code, message }),
  );
  console.log(JSON.stringify(answer));
}
process.exit();

async function send({ way, host }: TlsStep): Promise<HttpReply> {
  const head = { method: 'PUT', protocol: 'https:', host, path: '/', headers: { 'Content-Length': String(body.length), Authorization: 'secret' } } as const;
  if (way === 'socket') return sockets.put({ head, memory: Buffer.concat([Buffer.alloc(headRoomBytes), body]), bytes: body.length, stallMs, onSent: () => undefined })!.reply;
  if (way === 'ahead') {
    agents.openAhead(head, 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return sendBody(agents, { head, data: body, proxy: null, throttle: new Throttle(), stallMs, onSent: () => undefined }).reply;
}
