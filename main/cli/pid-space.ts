import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names where a pid means this process: the computer, and on Linux the PID namespace, since containers may share a host's name. */
export function pidSpace(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
