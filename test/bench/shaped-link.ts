import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { started } from './first-line.ts';
import { notInstalled } from './programs-on-path.ts';
import { endGroup } from './started.ts';

/** A line between a client and the sink, the same in both directions. */
export interface LineShape {
  readonly oneWayMs: number;
  readonly bitsPerSecond: number;
  readonly lossShare: number;
}

/** Where a case's processes run. */
export interface Place {
  /** The address that the sink listens on. */
  readonly address: string;
  /** In front of a command: of the contender, and of the sink. */
  readonly clientPrefix: readonly string[];
  readonly sinkPrefix: readonly string[];
  /** Packets that were lost before the line could decide on them; 0 in a run that counts. */
  strayLosses(): number;
  close(): void;
}

/** This machine's own loopback. */
export const loopback: Place = { address: '127.0.0.1', clientPrefix: [], sinkPrefix: [], strayLosses: () => 0, close: () => undefined };

const netnsFolder = '/run/netns';
const namePrefix = 'ferry-bench-';
const port = '4789';
// As netem's default; with 20 ms of delay it leaves a queue of the bandwidth-delay product.
const queue = 1000;
const clientAddress = '10.77.0.1';
const sinkAddress = '10.77.0.2';

/** Why there can be no shaped line here, null where there can. */
export function whyNoShapedLink(): string | null {
  if (process.platform !== 'linux') return 'network namespaces are Linux\'s';
  if (process.getuid?.() !== 0) return 'making network namespaces takes root';
  const missing = notInstalled('ip');
  if (missing) return missing;
  const name = `${namePrefix}${process.pid}-probe`;
  const made = ip(['netns', 'add', name]) && ip(['-n', name, 'link', 'add', 'probe', 'type', 'vxlan', 'id', '1', 'dstport', port]);
  ip(['netns', 'del', name]);
  return made ? null : 'this kernel makes no namespaces, or no VXLAN in them';
}

/**
 * A network namespace for the client and one for the sink, joined by a line of the given shape. Its
 * packets go through a relay of the benchmark's own (programs/relay.ts), since netem is missing in
 * many kernels; what TCP makes of delay and loss is the kernel's. Throws an Error where it cannot be
 * made. Nothing of it outlives the process.
 */
export async function openShapedLink(shape: LineShape, programs: string): Promise<Place> {
  removeLeft();
  const [client, sink, relay] = ['client', 'sink', 'relay'].map((role) => `${namePrefix}${process.pid}-${role}`) as [string, string, string];
  const remove = (): void => { for (const name of [client, sink, relay]) ip(['netns', 'del', name]); };
  process.once('exit', remove);
  let running: Awaited<ReturnType<typeof started>> | null = null;
  const close = (): void => {
    if (running) endGroup(running.child);
    process.off('exit', remove);
    remove();
  };
  try {
    must(['netns', 'add', relay]);
    joinToRelay(client, relay, 1, clientAddress);
    joinToRelay(sink, relay, 2, sinkAddress);
    // What most clients have, whatever this machine has; and nothing that one contender learns of the line helps the next.
    must(['-n', client, 'route', 'replace', '10.77.0.0/24', 'dev', 'line', 'src', clientAddress, 'congctl', 'cubic']);
    must(['netns', 'exec', client, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/tcp_no_metrics_save']);
    running = await started({
      file: 'ip',
      args: ['netns', 'exec', relay, process.execPath, path.join(programs, 'bench-relay.js'), '10.78.1.1', '10.78.1.2', '10.78.2.1', '10.78.2.2', port, JSON.stringify({ ...shape, queue })],
    });
  } catch (error) {
    close();
    throw error;
  }
  return {
    address: sinkAddress,
    clientPrefix: ['ip', 'netns', 'exec', client],
    sinkPrefix: ['ip', 'netns', 'exec', sink],
    strayLosses: () => droppedDatagrams(relay),
    close,
  };
}

/** A namespace with the address `inner` on a tunnel to the relay, whose own ends are `10.78.N.1`. */
function joinToRelay(name: string, relay: string, number: number, inner: string): void {
  must(['netns', 'add', name]);
  must(['-n', name, 'link', 'add', 'wire', 'mtu', '1600', 'type', 'veth', 'peer', 'name', `wire${number}`, 'mtu', '1600', 'netns', relay]);
  must(['-n', name, 'address', 'add', `10.78.${number}.2/24`, 'dev', 'wire']);
  must(['-n', relay, 'address', 'add', `10.78.${number}.1/24`, 'dev', `wire${number}`]);
  must(['-n', name, 'link', 'set', 'wire', 'up']);
  must(['-n', relay, 'link', 'set', `wire${number}`, 'up']);
  must(['-n', name, 'link', 'add', 'line', 'type', 'vxlan', 'id', '1', 'local', `10.78.${number}.2`, 'remote', `10.78.${number}.1`, 'dstport', port, 'nolearning']);
  // One packet at a time: a line loses and delays packets, not bundles of 64 KiB.
  must(['-n', name, 'link', 'set', 'line', 'mtu', '1500', 'gso_max_segs', '1', 'up']);
  must(['-n', name, 'address', 'add', `${inner}/24`, 'dev', 'line']);
}

/** Of a benchmark that was killed. */
function removeLeft(): void {
  for (const name of namespaces()) {
    const pid = Number(/^ferry-bench-(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && !isRunning(pid)) ip(['netns', 'del', name]);
  }
}

function namespaces(): readonly string[] {
  try {
    return readdirSync(netnsFolder);
  } catch {
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** UDP datagrams that found the relay's buffer full. */
function droppedDatagrams(relay: string): number {
  const { stdout } = spawnSync('ip', ['netns', 'exec', relay, 'cat', '/proc/net/udp'], { encoding: 'utf8' });
  return stdout.trim().split('\n').slice(1).reduce((sum, line) => sum + Number(line.trim().split(/\s+/).at(-1)), 0);
}

function ip(args: readonly string[]): boolean {
  return spawnSync('ip', args, { stdio: 'ignore' }).status === 0;
}

function must(args: readonly string[]): void {
  const { status, stderr } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${stderr.trim()}`);
}
