import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { eventChannel, requestChannel, requestNames, type Bridge, type Reply } from './contract.ts';

/** Every answer is a `Reply`, even when main could not give one. */
async function request(name: (typeof requestNames)[number], args: readonly unknown[]): Promise<Reply<unknown>> {
  try {
    return await ipcRenderer.invoke(requestChannel(name), ...args) as Reply<unknown>;
  } catch (error) {
    return { ok: false, problem: { code: 'unexpected', params: {}, detail: error instanceof Error ? error.message : String(error) } };
  }
}

const requests = Object.fromEntries(
  requestNames
    .filter((name) => name !== 'dropPaths')
    .map((name) => [name, (...args: readonly unknown[]) => request(name, args)]),
);

const bridge = {
  ...requests,
  dropFiles: (files, target) => request('dropPaths', [files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== ''), target ?? null]),
  on: (event, listener) => {
    // The IPC event itself stays here: it holds the sender.
    const forward = (_: unknown, payload: Parameters<typeof listener>[0]) => listener(payload);
    ipcRenderer.on(eventChannel(event), forward);
    return () => void ipcRenderer.off(eventChannel(event), forward);
  },
  // The requests are bound by name in a loop, which the compiler cannot follow; main answers by the same contract.
} as Pick<Bridge, 'dropFiles' | 'on'> as Bridge;

contextBridge.exposeInMainWorld('ferry', bridge);
