import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { eventChannel, eventNames, requestChannel, requestNames, type Bridge, type Reply } from './contract.ts';

const invalid: Reply<never> = { ok: false, problem: { code: 'request-invalid', params: {} } };

/** Every answer is a `Reply`, even when main could not give one. */
async function request(name: (typeof requestNames)[number], args: readonly unknown[]): Promise<Reply<unknown>> {
  try {
    return await ipcRenderer.invoke(requestChannel(name), ...args) as Reply<unknown>;
  } catch (error) {
    return { ok: false, problem: { code: 'unexpected', params: {}, detail: error instanceof Error ? error.message : String(error) } };
  }
}

/** The paths of real files. A `File` that the page has made has none, and what is no `File` makes all of it invalid. */
function pathsOf(files: readonly File[]): readonly string[] | null {
  try {
    return Array.from(files, (file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
  } catch {
    return null;
  }
}

const requests = Object.fromEntries(
  requestNames
    .filter((name) => name !== 'dropPaths')
    .map((name) => [name, (...args: readonly unknown[]) => request(name, args)]),
);

const bridge = {
  ...requests,
  dropFiles: async (files, target) => {
    const paths = pathsOf(files);
    return paths === null || paths.length === 0 ? invalid : request('dropPaths', [paths, target ?? null]) as Promise<Reply<void>>;
  },
  on: (event, listener) => {
    if (!eventNames.includes(event)) return () => undefined;
    // The IPC event itself stays here: it holds the sender.
    const forward = (_: unknown, payload: Parameters<typeof listener>[0]) => listener(payload);
    ipcRenderer.on(eventChannel(event), forward);
    return () => void ipcRenderer.off(eventChannel(event), forward);
  },
  // The requests are bound by name in a loop, which the compiler cannot follow; main answers by the same contract.
} as Pick<Bridge, 'dropFiles' | 'on'> as Bridge;

contextBridge.exposeInMainWorld('ferry', bridge);
