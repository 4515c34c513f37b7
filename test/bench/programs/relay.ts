import { createSocket, type Socket } from 'node:dgram';
import { seededRandom } from '../random.ts';
import { fillTcpChecksum } from './tcp-checksum.ts';

/**
 * A line for packets: each end of a VXLAN tunnel believes it talks to the other, and talks to this.
 * Every packet is put behind those before it at the line's rate, dropped where that queue is full or
 * the line loses it, and sent on after the delay: TCP at both ends is the kernel's own.
 *
 * Arguments: the address of one side and its far end, of the other side and its far end, the port,
 * and the line as JSON. Prints `ready`. Ends with its standard input.
 */
interface LineShape {
  readonly oneWayMs: number;
  readonly bitsPerSecond: number;
  readonly lossShare: number;
  /** Packets queued or under way. */
  readonly queue: number;
}

const [here = '', hereEnd = '', there = '', thereEnd = '', port = '0', shape = '{}'] = process.argv.slice(2);
const line = JSON.parse(shape) as LineShape;
// The headers of the tunnel are no part of the line that it stands for.
const tunnelBytes = 8;
const receiveBytes = 4 * 1024 * 1024;
const tickMs = 1;

class Direction {
  readonly #random;
  readonly #send: (packet: Buffer) => void;
  #waiting: { readonly packet: Buffer; readonly dueMs: number }[] = [];
  #freeAtMs = 0;

  constructor(seed: number, send: (packet: Buffer) => void) {
    this.#random = seededRandom(seed);
    this.#send = send;
  }

  take(packet: Buffer): void {
    const nowMs = performance.now();
    if (this.#waiting.length >= line.queue || this.#random() < line.lossShare) return;
    fillTcpChecksum(packet);
    this.#freeAtMs = Math.max(nowMs, this.#freeAtMs) + (packet.length - tunnelBytes) * 8000 / line.bitsPerSecond;
    this.#waiting.push({ packet, dueMs: this.#freeAtMs + line.oneWayMs });
  }

  release(): void {
    const nowMs = performance.now();
    const later = this.#waiting.findIndex(({ dueMs }) => dueMs > nowMs);
    const due = this.#waiting.splice(0, later < 0 ? this.#waiting.length : later);
    for (const { packet } of due) this.#send(packet);
  }
}

function bound(address: string): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: receiveBytes, sendBufferSize: receiveBytes });
  return new Promise((resolve) => { socket.bind(Number(port), address, () => { resolve(socket); }); });
}

const near = await bound(here);
const far = await bound(there);
const outward = new Direction(1, (packet) => { far.send(packet, Number(port), thereEnd); });
const inward = new Direction(2, (packet) => { near.send(packet, Number(port), hereEnd); });
near.on('message', (packet) => { outward.take(packet); });
far.on('message', (packet) => { inward.take(packet); });
setInterval(() => { outward.release(); inward.release(); }, tickMs);
process.stdout.write('ready\n');
process.stdin.resume().once('end', () => { process.exit(); });
