import { net, powerMonitor } from 'electron';
import type { Ferry } from '../uploads/ferry.ts';

const lookEveryMs = 3_000;

/** Tells the engine at once when the computer wakes up, or when the system says that the link is back. */
export function watchNetwork(ferry: Pick<Ferry, 'networkIsBack' | 'appState'>): void {
  powerMonitor.on('resume', () => { ferry.networkIsBack(); });
  powerMonitor.on('unlock-screen', () => { ferry.networkIsBack(); });
  let wasOnline = net.isOnline();
  setInterval(() => {
    // Only while somebody waits for it is there anything to look for.
    if (!ferry.appState().offline) {
      wasOnline = net.isOnline();
      return;
    }
    const online = net.isOnline();
    if (online && !wasOnline) ferry.networkIsBack();
    wasOnline = online;
  }, lookEveryMs).unref();
}
