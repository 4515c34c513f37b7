import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { eventChannel, eventNames, requestChannel, requestNames, type Bridge, type Problem, type Reply } from './contract.ts';

const invalid: Reply<never> = { ok: false, problem: { code: 'request-invalid', params: {} } };

/** Every answer is a `Reply`, even when main could not give one. */
async function request(name: (typeof requestNames)[number], args: readonly unknown[]): Promise<Reply<unknown>> {
  try {
    return await ipcRenderer.invoke(requestChannel(name), ...args) as Reply<unknown>;
  } catch (error) {
    return { ok: false, problem: { code: 'unexpected', params: {}, detail: error instanceof Error ? error.message : String(error) } };
  }
}

/**
 * The paths of real files, and the names of what has none: what the page has made, an attachment, a
 * name that the system cannot express. What is no `File` makes all of it invalid.
 */
function pathsOf(files: readonly File[]): { readonly paths: readonly string[]; readonly nowhere: readonly string[] } | null {
  try {
    const found = Array.from(files, (file) => ({ path: webUtils.getPathForFile(file), name: file.name }));
    return { paths: found.flatMap(({ path }) => path || []), nowhere: found.filter(({ path }) => path === '').map(({ name }) => name) };
  } catch {
    return null;
  }
}

/** Why these names, or nothing at all, were not uploaded. */
function noFile([name, ...others]: readonly string[]): Problem {
  if (name === undefined) return { code: 'dropped-nothing', params: {} };
  if (others.length === 0) return { code: 'dropped-no-file', params: { name } };
  return { code: 'dropped-no-files', params: { name, items: others.length + 1 }, detail: [name, ...others].join('\n') };
}

const requests = Object.fromEntries(
  requestNames
    .filter((name) => name !== 'dropPaths')
    .map((name) => [name, (...args: readonly unknown[]) => request(name, args)]),
);

const bridge = {
  ...requests,
  dropFiles: async (files, target) => {
    const found = pathsOf(files);
    if (found === null) return invalid;
    const { paths, nowhere } = found;
    const reply = paths.length > 0 ? await request('dropPaths', [paths, target ?? null]) as Reply<void> : null;
    return reply && (!reply.ok || nowhere.length === 0) ? reply : { ok: false, problem: noFile(nowhere) };
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
