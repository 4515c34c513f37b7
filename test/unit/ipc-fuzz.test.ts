import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RequestBudget } from '../../main/ipc/request-budget.ts';
import { requestHandlers } from '../../main/ipc/request-handlers.ts';
import { requestSchemas } from '../../main/ipc/request-schemas.ts';
import { serveRequests } from '../../main/ipc/serve-requests.ts';
import { problemCodes } from '../../preload/problem-codes.ts';
import { requestChannel, requestNames, type Reply, type RequestHandlers } from '../../preload/contract.ts';
import { anyRequest } from '../support/clonable-values.ts';
import { startEngine, type Engine } from '../support/engine.ts';

const pageUrl = 'app://cos-ferry/index.html';
const mainFrame = { url: pageUrl };
const contents = { isDestroyed: () => false, mainFrame };
const trusted = { sender: contents, senderFrame: mainFrame };
const strangers = [
  { sender: contents, senderFrame: { url: pageUrl } },
  { sender: contents, senderFrame: { url: 'about:blank' } },
  { sender: { ...contents }, senderFrame: mainFrame },
  { sender: contents, senderFrame: null },
];
const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => { rejections.push(reason); };

beforeAll(() => { process.on('unhandledRejection', onRejection); });
afterAll(() => { process.off('unhandledRejection', onRejection); });

type Ask = (event: unknown, name: string, args: readonly unknown[]) => Promise<Reply<unknown>>;

function serve(handlers: RequestHandlers, log: (...data: unknown[]) => void = () => undefined): Ask {
  const channels = new Map<string, (event: unknown, ...args: unknown[]) => Promise<Reply<unknown>>>();
  serveRequests({
    ipcMain: { handle: (channel, handler) => void channels.set(channel, handler as never) },
    handlers, window: () => contents as never, pageUrl, log: { error: log, warn: log },
    budget: new RequestBudget({ most: Infinity, perSecond: 1 }),
  });
  // As they arrive: cloned on the way.
  return (event, name, args) => channels.get(requestChannel(name as never))!(event, ...structuredClone(args));
}

/** Handlers that only note that they were reached. */
function recorded(): { readonly handlers: RequestHandlers; readonly reached: string[] } {
  const reached: string[] = [];
  const handlers = Object.fromEntries(requestNames.map((name) => [name, () => { reached.push(name); }])) as unknown as RequestHandlers;
  return { handlers, reached };
}

const isClonable = (value: unknown): boolean => {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
};
const requests = anyRequest.filter(([, args]) => isClonable(args));

test('whatever a stranger sends reaches nothing and is answered as invalid', async () => {
  const { handlers, reached } = recorded();
  const ask = serve(handlers);
  await fc.assert(fc.asyncProperty(requests, fc.constantFrom(...strangers), async ([name, args], stranger) => {
    expect(await ask(stranger, name, args)).toEqual({ ok: false, problem: { code: 'request-invalid', params: {} } });
  }), { numRuns: 1000 });
  expect(reached).toEqual([]);
});

test('whatever our page sends reaches a handler only where it is the contract’s, and as the contract has it', async () => {
  const { handlers, reached } = recorded();
  const ask = serve(handlers);
  await fc.assert(fc.asyncProperty(requests, async ([name, args]) => {
    reached.length = 0;
    const reply = await ask(trusted, name, args);
    if (v.is(requestSchemas[name], structuredClone(args))) expect([reply.ok, reached]).toEqual([true, [name]]);
    else expect([reply, reached]).toEqual([{ ok: false, problem: { code: 'request-invalid', params: {} } }, []]);
  }), { numRuns: 1500 });
});

test('the real engine bears whatever passes: it never throws past the reply, keeps no path it was not given, and stays whole', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'ferry-fuzz-'));
  const engine: Engine = await startEngine({ directory });
  const chosen: string[] = [];
  const nothing = { chooseFiles: async () => undefined, chooseFolder: async () => undefined, openFolder: async () => undefined, openKeyConsole: async () => undefined, copyText: async () => undefined, showInFolder: (shown: string) => void chosen.push(shown), saveHistory: async () => false, logFolder: directory, dataFolder: directory };
  const unexpected: unknown[] = [];
  const ask = serve(requestHandlers(engine.ferry, nothing, { toPaths: async () => false, toAccount: async () => false }), (...data) => {
    if (String(data[0]).includes('unexpectedly')) unexpected.push(data);
  });
  try {
    await fc.assert(fc.asyncProperty(requests, async ([name, args]) => {
      // What asks the service is asked in other tests; here it would only take its time.
      if (name === 'refreshCredential' || name === 'answerPendingDrop' || name === 'listApplications') return;
      const reply = await ask(trusted, name, args);
      if (!reply.ok) expect(problemCodes).toContain(reply.problem.code);
    }), { numRuns: 600 });
    expect(unexpected).toEqual([]);
    expect(engine.ferry.appState().accounts.map(({ id }) => id)).toEqual(['sandbox']);
    expect(engine.ferry.uploads()).toMatchObject({ uploads: [], sources: [] });
    expect(chosen).toEqual([]);
    expect(await readdir(path.join(directory, 'journal')).catch(() => [])).toEqual([]);
    expect(JSON.stringify(engine.ferry.appState())).not.toContain(engine.sandbox.accounts[0]!.secretKey);
  } finally {
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  }
  expect(rejections).toEqual([]);
});
