import { expect, test } from 'vitest';
import type { AppState, Bridge, Destination, Events, Problem, Reply, UploadsDelta, UploadsPiece } from '../../preload/contract.ts';
import { FerryStore } from '../../renderer/state/ferry-store.svelte.ts';
import { Toasts } from '../../renderer/state/toasts.svelte.ts';
import { aDelta, anUpload, aSource } from './window-views.ts';

const app: AppState = {
  version: '1', language: 'en', languageChoice: 'system', themeChoice: 'system', accounts: [], accountId: 'a',
  destination: { service: 'car', applicationId: 'app-1', cosRegion: '', durationSeconds: null },
  credential: { kind: 'none' }, pendingDrop: null, waitingDrops: [], recentDestinations: [], destinationLocked: false,
  firstRun: false, offline: false,
  limits: { parallelUploads: 6, partsInFlight: 16, bytesPerSecond: null, timetable: [], resumesAtStart: true },
  options: { startsAtLogin: false, staysInTray: true, notifies: true, startsAtOnce: false, packLevel: 'balanced', proxy: { kind: 'system' } },
};
const problem: Problem = { code: 'nothing-to-show', params: {} };

/** Main as the window sees it, with every request written down. */
function aBridge(answers: Record<string, (...args: never[]) => unknown> = {}, whole: UploadsDelta = aDelta()) {
  const asked: unknown[][] = [];
  const listeners = new Map<string, (payload: never) => void>();
  const bridge = new Proxy({}, {
    get: (_, name: string) => {
      if (name === 'on') return (event: string, listener: (payload: never) => void) => {
        listeners.set(event, listener);
        return () => listeners.delete(event);
      };
      return async (...args: never[]): Promise<Reply<unknown>> => {
        asked.push([name, ...args]);
        if (name === 'getState') return { ok: true, value: { app, uploads: whole } };
        return (answers[name]?.(...args) as Reply<unknown> | undefined) ?? { ok: true, value: undefined };
      };
    },
  }) as Bridge;
  const send = <E extends keyof Events>(event: E, payload: Events[E]) => listeners.get(event)?.((event === 'uploads' ? JSON.stringify(payload) : payload) as never);
  return { bridge, asked, send, listeners };
}

async function started(...args: Parameters<typeof aBridge>) {
  const main = aBridge(...args);
  const toasts = new Toasts();
  const store = new FerryStore(main.bridge, toasts);
  const stop = store.start();
  await Promise.resolve();
  await Promise.resolve();
  return { ...main, toasts, store, stop };
}

test('listens before it asks for the state, so that nothing falls between', () => {
  const { bridge, listeners } = aBridge();
  let listening: string[] = [];
  const asking = new Proxy(bridge, { get: (target, name) => {
    if (name === 'getState') listening = [...listeners.keys()];
    return target[name as keyof Bridge];
  } });
  new FerryStore(asking, new Toasts()).start();
  expect(listening.sort()).toEqual(['app', 'problem', 'uploads']);
});

test('shows the state main answered, and then what main sends', async () => {
  const { store, send } = await started({}, aDelta({ sources: [aSource('s')], uploads: [anUpload('u', 's')] }));
  expect(store.app?.destination.applicationId).toBe('app-1');
  send('app', { ...app, version: '2' });
  send('uploads', aDelta({ uploads: [anUpload('u', 's', { phase: 'done' })], totals: { ...aDelta().totals, done: 1 } }));
  expect([store.app?.version, store.groups[0]?.summary.phase, store.totals.done]).toEqual(['2', 'done', 1]);
});

test('what came before the first answer is in it, and does not outlive it', async () => {
  const { bridge, send } = aBridge({}, aDelta({ sources: [aSource('kept')] }));
  const store = new FerryStore(bridge, new Toasts());
  store.start();
  send('uploads', aDelta({ sources: [aSource('removed meanwhile')] }));
  await Promise.resolve();
  await Promise.resolve();
  expect(store.groups.map((group) => group.source.id)).toEqual(['kept']);
});

test('what comes between two frames is shown together where the next one begins, and none of it later than what a move leads to', async () => {
  const { bridge, send } = aBridge({}, aDelta({ sources: [aSource('s'), aSource('t')], uploads: [anUpload('u', 's'), anUpload('v', 't')] }));
  const frames: (() => void)[] = [];
  const store = new FerryStore(bridge, new Toasts(), (run) => {
    frames.push(run);
    return () => void frames.splice(frames.indexOf(run), 1);
  });
  store.start();
  await Promise.resolve();
  await Promise.resolve();
  const phases = () => store.groups.map((group) => group.summary.phase);
  send('uploads', aDelta({ uploads: [anUpload('u', 's', { phase: 'uploading' })] }));
  send('uploads', aDelta({ uploads: [anUpload('v', 't', { phase: 'uploading' })] }));
  expect([phases(), frames.length]).toEqual([['waiting', 'waiting'], 1]);
  frames[0]?.();
  expect([phases(), frames.length]).toEqual([['uploading', 'uploading'], 0]);
  send('uploads', aDelta({ uploads: [anUpload('u', 's', { phase: 'paused' }), anUpload('v', 't', { phase: 'paused' })] }));
  await store.move(['v'], 'u');
  expect([phases(), frames.length, store.queue.map(({ source }) => source.id)]).toEqual([['paused', 'paused'], 0, ['t', 's']]);
});

test('what comes in pieces is shown when the last of them is there', async () => {
  const { store, send } = await started({}, aDelta());
  const piece = (id: string, more: boolean): UploadsPiece => ({ ...aDelta({ sources: [aSource(id)], totals: { ...aDelta().totals, done: 2 } }), more });
  send('uploads', piece('s', true));
  expect([store.groups.length, store.totals.done]).toEqual([0, 0]);
  send('uploads', piece('t', false));
  expect([store.groups.length, store.totals.done]).toEqual([2, 2]);
});

test('hears nothing any more once it is stopped', async () => {
  const { stop, listeners } = await started();
  stop();
  expect(listeners.size).toBe(0);
});

test('two changes of the destination in quick succession both count', async () => {
  const { store, asked } = await started();
  await Promise.all([store.setDestination({ applicationId: 'app-2' }), store.setDestination({ service: 'ms' })]);
  expect(asked.at(-1)?.[1]).toEqual({ ...app.destination, applicationId: 'app-2', service: 'ms' });
});

test('a refused change of the destination is answered with its problem and not sent again with the next', async () => {
  const { store, asked, toasts } = await started({
    setDestination: (wanted: Destination) => (wanted.applicationId === 'bad' ? { ok: false, problem } : { ok: true, value: undefined }),
  });
  expect(await store.setDestination({ applicationId: 'bad' })).toEqual(problem);
  expect(await store.setDestination({ service: 'ms' })).toBeNull();
  expect(asked.at(-1)?.[1]).toEqual({ ...app.destination, service: 'ms' });
  expect(toasts.all).toEqual([]);
});

test('a request that fails becomes a message, and so does a problem main sends', async () => {
  const { store, send, toasts } = await started({ showObject: () => ({ ok: false, problem }) });
  store.showObject('u');
  await Promise.resolve();
  await Promise.resolve();
  send('problem', { code: 'settings-not-saved', params: { file: 'x' } });
  expect(toasts.all.map((toast) => toast.kind === 'problem' && toast.problem.code)).toEqual(['nothing-to-show', 'settings-not-saved']);
});

test('nothing is asked of main for no uploads', async () => {
  const { store, asked } = await started();
  store.cancel([]);
  store.retry([]);
  store.pause([]);
  store.resume([]);
  expect(asked).toEqual([['getState']]);
});

test('whoever does not want to wait for the network has it tried at once', async () => {
  const { store, asked } = await started();
  store.tryNow();
  expect(asked.at(-1)).toEqual(['networkIsBack']);
});

test('the same problem twice is one message, and it goes when it is dismissed', () => {
  const toasts = new Toasts();
  toasts.problem(problem);
  toasts.problem(problem);
  expect(toasts.all).toHaveLength(1);
  toasts.dismiss(toasts.all[0]!.id);
  expect(toasts.all).toEqual([]);
});

const twoWaiting = aDelta({ sources: [aSource('s'), aSource('t')], uploads: [anUpload('u', 's'), anUpload('v', 't')] });

test('a move shows once main has made it, and not at all where main refuses it', async () => {
  const made = await started({}, twoWaiting);
  expect(await made.store.move(['v'], 'u')).toBe(true);
  expect(made.asked.at(-1)).toEqual(['moveUploads', ['v'], 'u']);
  expect([made.store.groups, made.store.queue].map((groups) => groups.map((group) => group.source.id))).toEqual([['t', 's'], ['t', 's']]);
  const refused = await started({ moveUploads: () => ({ ok: false, problem }) }, twoWaiting);
  expect(await refused.store.move(['v'], 'u')).toBe(false);
  expect(refused.store.groups.map((group) => group.source.id)).toEqual(['s', 't']);
  expect(refused.toasts.all).toHaveLength(1);
});

test('the queue has the sources with uploads that wait or are paused, also a folder that is under way', async () => {
  const { store } = await started({}, aDelta({
    sources: [aSource('done'), aSource('paused'), aSource('folder')],
    uploads: [
      anUpload('a', 'folder', { phase: 'uploading' }), anUpload('b', 'done', { phase: 'done' }),
      anUpload('c', 'folder'), anUpload('d', 'paused', { phase: 'paused' }),
    ],
  }));
  expect(store.queue.map((group) => group.source.id)).toEqual(['folder', 'paused']);
});

test('two changes of the limits in quick succession both count, and so do two of the timetable', async () => {
  const { store, asked } = await started();
  const hours = { fromMinute: 540, toMinute: 1080, bytesPerSecond: 5e6 };
  const other = { fromMinute: 1320, toMinute: 360, bytesPerSecond: null };
  await Promise.all([
    store.setLimits({ parallelUploads: 3 }), store.setTimetable((rows) => [...rows, hours]), store.setTimetable((rows) => [...rows, other]),
  ]);
  expect(asked.at(-1)).toEqual(['setLimits', { ...app.limits, parallelUploads: 3, timetable: [hours, other] }]);
});

test('refused limits become a message and are not sent again with the next', async () => {
  const { store, asked, toasts } = await started({ setLimits: (limits: AppState['limits']) => (limits.partsInFlight === 1 ? { ok: false, problem } : { ok: true, value: undefined }) });
  await store.setLimits({ partsInFlight: 1 });
  await store.setLimits({ parallelUploads: 2 });
  expect(toasts.all).toHaveLength(1);
  expect(asked.at(-1)?.[1]).toEqual({ ...app.limits, parallelUploads: 2 });
});

test('a copied report says so, and one that could not be copied says why', async () => {
  const { store, toasts } = await started();
  await store.copyReport('u');
  expect(toasts.all.map((toast) => toast.kind)).toEqual(['copied']);
  const refused = await started({ copyReport: () => ({ ok: false, problem }) });
  await refused.store.copyReport('u');
  expect(refused.toasts.all.map((toast) => toast.kind)).toEqual(['problem']);
});
