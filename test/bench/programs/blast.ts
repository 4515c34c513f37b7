import { Agent, request } from 'node:http';

/**
 * How fast the sink takes bytes from a client that only writes them: PUTs of 4 MiB on four
 * connections, with nothing read and nothing hashed. Arguments: host, port, bytes in all. Prints
 * 10⁶ bytes a second.
 */
const [host = '127.0.0.1', port = '0', total = '0'] = process.argv.slice(2);
const part = Buffer.alloc(4 * 1024 * 1024, 1);
const connections = 4;
const agent = new Agent({ keepAlive: true });

function put(number: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, agent, method: 'PUT', path: `/blast/${number}`, headers: { 'Content-Length': part.length } }, (response) => {
      response.resume().once('end', resolve);
    });
    sent.once('error', reject).end(part);
  });
}

const count = Math.max(connections, Math.ceil(Number(total) / part.length));
let next = 0;
const startedAt = performance.now();
await Promise.all(Array.from({ length: connections }, async () => {
  while (next < count) await put(next++);
}));
const seconds = (performance.now() - startedAt) / 1000;
agent.destroy();
process.stdout.write(`${(count * part.length / 1e6 / seconds).toFixed(0)}\n`);
