import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FerryError } from '../../main/ferry-error.ts';
import { RequestBudget } from '../../main/ipc/request-budget.ts';
import { requestHandlers } from '../../main/ipc/request-handlers.ts';
import { sendEvents } from '../../main/ipc/send-events.ts';
import { serveRequests } from '../../main/ipc/serve-requests.ts';
import type { Ferry } from '../../main/uploads/ferry.ts';
import { requestChannel, requestNames } from '../../preload/contract.ts';
import type { AccountDraft, Requests, UploadsPiece } from '../../preload/contract.ts';
import { aDelta, anUpload } from './window-views.ts';

const pageUrl = 'app://cos-ferry/index.html';
const secretKey = 'k3y-that-must-stay-away';
const draft: AccountDraft = {
  label: 'Team', site: 'china', secretId: 'AKIDx', secretKey, apiEndpoint: null, cosDomain: null, sessionOnly: false,
};

type Handler = (event: unknown, ...args: unknown[]) => Promise<unknown>;

/** Electron's side of the bridge as far as main touches it: handlers by channel, and who asks. */
function bridge(ferry: Partial<Ferry>, { agrees = true, budget }: { agrees?: boolean; budget?: RequestBudget } = {}) {
  const channels = new Map<string, Handler>();
  const logged: unknown[] = [];
  const tapped: unknown[] = [];
  const dropped: string[][] = [];
  const shown: string[] = [];
  const mainFrame = { url: `${pageUrl}#list` };
  const sent: unknown[] = [];
  const contents = { isDestroyed: () => false, isCrashed: () => false, mainFrame, send: (...message: unknown[]) => sent.push(message) };
  const log = (...data: unknown[]): void => void logged.push(data);
  serveRequests({
    ipcMain: { handle: (channel, handler) => void channels.set(channel, handler as Handler) },
    handlers: requestHandlers({ drop: (paths) => void dropped.push([...paths]), checkAccount: () => undefined, ...ferry } as Ferry, {
      chooseFiles: () => Promise.resolve(),
      chooseFolder: () => Promise.resolve(),
      showInFolder: (path) => void shown.push(path),
      openFolder: () => Promise.resolve(),
      openKeyConsole: () => Promise.resolve(),
      copyText: () => Promise.resolve(),
      saveHistory: () => Promise.resolve(false),
      logFolder: '/logs',
      dataFolder: '/data',
    }, { toPaths: () => Promise.resolve(agrees), toAccount: () => Promise.resolve(agrees) }),
    ...(budget ? { budget } : {}),
    window: () => contents as never,
    pageUrl,
    log: { error: log, warn: log },
    tap: (...message) => tapped.push(message),
  });
  const own = { sender: contents, senderFrame: mainFrame };
  const ask = (name: keyof Requests, event: unknown, ...args: unknown[]) => channels.get(requestChannel(name))!(event, ...args);
  return { channels, contents, own, ask, logged, tapped, dropped, shown, sent };
}

const refused = { ok: false, problem: { code: 'request-invalid', params: {} } };

describe('requests from the window', () => {
  it('are all served', () => {
    expect([...bridge({}).channels.keys()]).toEqual(requestNames.map(requestChannel));
  });

  it('are answered with the result', async () => {
    const { ask, own, dropped } = bridge({ selectAccount: () => undefined });
    const path = resolve('/tmp/Game.zip');
    expect(await ask('dropPaths', own, [path], null)).toEqual({ ok: true, value: undefined });
    expect(dropped).toEqual([[path]]);
  });

  it('are refused from another window, another frame, another page and a frame that is gone', async () => {
    const { ask, own, contents, dropped } = bridge({});
    const paths = [resolve('/tmp/a')];
    expect(await ask('dropPaths', { ...own, sender: { ...contents } }, paths, null)).toEqual(refused);
    expect(await ask('dropPaths', { ...own, senderFrame: { url: pageUrl } }, paths, null)).toEqual(refused);
    expect(await ask('dropPaths', { ...own, senderFrame: null }, paths, null)).toEqual(refused);
    contents.mainFrame.url = 'file:///tmp/evil.html';
    expect(await ask('dropPaths', own, paths, null)).toEqual(refused);
    contents.mainFrame.url = 'https://cos-ferry/index.html';
    expect(await ask('dropPaths', own, paths, null)).toEqual(refused);
    expect(dropped).toEqual([]);
  });

  it('are refused with arguments that are not the contract’s', async () => {
    const { ask, own, dropped } = bridge({});
    expect(await ask('dropPaths', own, ['relative'], null)).toEqual(refused);
    expect(dropped).toEqual([]);
  });

  it('are refused above what a person could ask, until time has passed, and strangers use nothing of it up', async () => {
    let nowMs = 0;
    const { ask, own, logged } = bridge({ refreshCredential: () => undefined as never }, { budget: new RequestBudget({ most: 3, perSecond: 10 }, () => nowMs) });
    const many = (event: unknown, count: number) => Promise.all(Array.from({ length: count }, () => ask('refreshCredential', event)));
    await many({ ...own, senderFrame: null }, 50);
    const answers = await many(own, 5);
    const tooMany = { ok: false, problem: { code: 'requests-too-many', params: {} } };
    expect(answers).toEqual([...Array.from({ length: 3 }, () => ({ ok: true, value: undefined })), tooMany, tooMany]);
    expect(logged.length).toBeLessThan(25);
    nowMs = 100;
    expect(await many(own, 2)).toEqual([{ ok: true, value: undefined }, tooMany]);
  });

  it('that send somewhere new, or take what is private, do nothing without the person', async () => {
    const added: unknown[] = [];
    const { ask, own, dropped } = bridge({ addAccount: (given) => { added.push(given); return {} as never; } }, { agrees: false });
    expect(await ask('addAccount', own, draft)).toEqual({ ok: false, problem: { code: 'not-agreed', params: {} } });
    expect(await ask('dropPaths', own, [resolve('/home/me/.ssh')], null)).toEqual({ ok: true, value: undefined });
    expect([added, dropped]).toEqual([[], []]);
  });

  it('say what is wrong with a form before the person is asked about it', async () => {
    const { ask, own } = bridge({ checkAccount: () => { throw new FerryError({ code: 'label-empty' }); } }, { agrees: false });
    expect(await ask('addAccount', own, draft)).toEqual({ ok: false, problem: { code: 'label-empty', params: {} } });
  });

  it('bring a failure across as data', async () => {
    const { ask, own, logged } = bridge({
      removeAccount: () => Promise.reject(new FerryError({ code: 'key-missing', params: { label: 'Team' }, requestId: 'r-1' })),
    });
    expect(await ask('removeAccount', own, 'a1')).toEqual({
      ok: false,
      problem: { code: 'key-missing', params: { label: 'Team' }, requestId: 'r-1' },
    });
    expect(logged).toEqual([]);
  });

  it('log what was not expected, without the arguments', async () => {
    const { ask, own, logged } = bridge({ addAccount: () => { throw new TypeError('x is not a function'); } });
    expect(await ask('addAccount', own, draft)).toMatchObject({ ok: false, problem: { code: 'unexpected', detail: 'x is not a function' } });
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(secretKey);
  });

  it('log a refusal without the arguments either', async () => {
    const { ask, own, logged } = bridge({});
    expect(await ask('addAccount', own, { ...draft, more: true })).toEqual(refused);
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(secretKey);
  });

  it('show an object only where it is on this computer', async () => {
    const { ask, own, shown } = bridge({ localObjectPath: (id) => (id === 'here' ? '/objects/Game.zip' : null) });
    expect(await ask('showObject', own, 'here')).toEqual({ ok: true, value: undefined });
    expect(await ask('showObject', own, 'far')).toMatchObject({ ok: false, problem: { code: 'nothing-to-show' } });
    expect(shown).toEqual(['/objects/Game.zip']);
  });

  it('pass the tap in both directions', async () => {
    const { ask, own, tapped } = bridge({ undoRemoval: () => undefined });
    await ask('undoRemoval', own, 'r1');
    const channel = requestChannel('undoRemoval');
    expect(tapped).toEqual([['to-main', channel, ['r1']], ['to-window', channel, { ok: true, value: undefined }]]);
  });
});

describe('events to the window', () => {
  const problem = { code: 'interrupted', params: {} } as const;

  function engine() {
    const listeners = new Map<string, (payload: never) => void>();
    const subscribe: Ferry['subscribe'] = (event, listener) => {
      listeners.set(event, listener);
      return () => undefined;
    };
    return { subscribe, emit: (event: string, payload: unknown) => listeners.get(event)?.(payload as never) };
  }

  it('go to the window that is alive', () => {
    const ferry = engine();
    const { contents, sent } = bridge({});
    sendEvents(ferry, () => contents as never);
    ferry.emit('problem', problem);
    expect(sent).toEqual([['ferry:event:problem', problem]]);
  });

  it('are dropped while there is no window, or one that crashed', () => {
    const ferry = engine();
    const { contents, sent } = bridge({});
    let window: unknown = null;
    sendEvents(ferry, () => window as never);
    ferry.emit('problem', problem);
    window = { ...contents, isCrashed: () => true };
    ferry.emit('problem', problem);
    window = { ...contents, isDestroyed: () => true };
    ferry.emit('problem', problem);
    expect(sent).toEqual([]);
  });

  it('of a large change are all sent before anything is answered', () => {
    const ferry = engine();
    const { contents, sent } = bridge({});
    const events = sendEvents(ferry, () => contents as never);
    ferry.emit('uploads', aDelta({ uploads: Array.from({ length: 500 }, (_, index) => anUpload(String(index), 's')) }));
    expect(sent).toHaveLength(1);
    events.flush();
    expect(sent.map((message) => (JSON.parse((message as [string, string])[1]) as UploadsPiece).more)).toEqual([true, true, false]);
  });
});
