import tls from 'node:tls';
import { Worker } from 'node:worker_threads';
import { isOfUnknownAuthority } from './distrust.ts';

/** What Node has from 22.19 and 24.5 on, and Electron from 40 on. */
export interface Trust {
  getCACertificates(which: 'default' | 'system'): string[];
  /** In the calling thread, for connections that are opened from now on. */
  setDefaultCACertificates(certificates: readonly string[]): void;
}

// On macOS it asks for each certificate of the keychain whether it is trusted, which can take many seconds.
const askSystem = "require('node:worker_threads').parentPort.postMessage(require('node:tls').getCACertificates('system'))";

let trusting: Promise<boolean> | null = null;

/**
 * Tries something that connects, and once more where it failed for its authority alone and the system
 * may know that one: this thread then trusts the system's beside Node's own, where the Node at hand can.
 */
export async function withSystemTrust<T>(attempt: () => Promise<T>, trust = trustSystem): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!isOfUnknownAuthority(error) || !await trust()) throw error;
    return attempt();
  }
}

function trustSystem(): Promise<boolean> {
  trusting ??= extendTrust(tls as Partial<Trust>, fromSystem);
  return trusting;
}

/** Adds the system's certificates to those that are trusted; false where nothing came of it. */
export async function extendTrust({ getCACertificates, setDefaultCACertificates }: Partial<Trust>, system: () => Promise<readonly string[]>): Promise<boolean> {
  if (!getCACertificates || !setDefaultCACertificates) return false;
  try {
    const certificates = await system();
    if (certificates.length === 0) return false;
    setDefaultCACertificates([...getCACertificates('default'), ...certificates]);
    return true;
  } catch {
    // What was not trusted before is not trusted now, and says so.
    return false;
  }
}

/** What it takes stays with the process, for all threads. */
function fromSystem(): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(askSystem, { eval: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => { reject(new Error('Nothing was told of the system\'s certificates.')); });
  });
}
