import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountDraft, Bridge, Reply } from '../../preload/contract.ts';
import { requestNames } from '../../preload/contract.ts';
import { dropFiles, request } from '../setup/app-driver.ts';
import { watchUploads, type UploadWatch } from '../setup/upload-watch.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';
import { modesBelow } from '../support/file-modes.ts';

let app: TestApp;
let watch: UploadWatch;
let logs: string;
let netLog: string;

interface Answered { readonly ok: boolean; readonly problem?: { readonly code: string }; readonly thrown?: string }
type AnyBridge = Record<string, (...args: unknown[]) => Promise<Reply<unknown>>>;

beforeAll(async () => {
  logs = await mkdtemp(path.join(tmpdir(), 'ferry-net-'));
  netLog = path.join(logs, 'net-log.json');
  // Chromium writes down what it asks the network, from the first moment of a first start on.
  app = await startApp({ args: [`--log-net-log=${netLog}`] });
  await mkdir(path.join(app.scratch, '.private'), { recursive: true });
  watch = await watchUploads(app.running.page);
});

afterAll(async () => {
  await app?.dispose();
  await rm(logs, { recursive: true, force: true });
});

const uploads = async () => (await request(app.running.page, 'getState')).uploads.uploads;

/** From now on main's own questions are answered so; returns how to ask for what was said. */
async function answerQuestions(agree: boolean): Promise<() => Promise<readonly string[]>> {
  await evaluateInMain(app)(({ dialog }, yes) => {
    const asked = globalThis as unknown as { questions: string[] };
    asked.questions = [];
    dialog.showMessageBox = ((...args: unknown[]) => {
      const box = args.at(-1) as { message: string; detail: string };
      asked.questions.push(`${box.message}\n${box.detail}`);
      return Promise.resolve({ response: yes ? 1 : 0, checkboxChecked: false });
    }) as unknown as typeof dialog.showMessageBox;
  }, agree);
  return () => evaluateInMain(app)(() => (globalThis as unknown as { questions: string[] }).questions);
}

/** Sends to the bridge, as the page's own script, what `make` builds there. */
function attack(make: string): Promise<Record<string, Answered>> {
  // The page's policy forbids eval to everybody but the debugger.
  return app.running.page.evaluate(make);
}

const collect = `
  const bridge = globalThis.ferry;
  const outcome = async (attempt) => {
    try { const reply = await attempt(); return { ok: reply?.ok ?? false, problem: reply?.problem }; } catch (error) { return { ok: false, thrown: String(error) }; }
  };`;

describe('a page gone bad', () => {
  test('can name no path: nothing but a real drop is a file', async () => {
    const answers = await attack(`(async () => { ${collect}
      const made = new File(['root'], '/etc/passwd');
      Object.defineProperty(made, 'path', { value: '/etc/passwd' });
      const input = Object.assign(document.createElement('input'), { type: 'file' });
      const transfer = new DataTransfer();
      transfer.items.add(new File(['x'], 'etc/passwd', { type: 'text/plain' }));
      return {
        made: await outcome(() => bridge.dropFiles([made])),
        text: await outcome(() => bridge.dropFiles(['/etc/passwd'])),
        bare: await outcome(() => bridge.dropFiles('/etc/passwd')),
        look: await outcome(() => bridge.dropFiles([{ name: 'passwd', path: '/etc/passwd', __proto__: File.prototype }])),
        getter: await outcome(() => bridge.dropFiles([{ get path() { return '/etc/passwd'; }, get name() { return 'a'; } }])),
        proxy: await outcome(() => bridge.dropFiles([new Proxy(made, { get: (target, name) => (name === 'path' ? '/etc/passwd' : Reflect.get(target, name)) })])),
        list: await outcome(() => bridge.dropFiles({ length: 1, 0: '/etc/passwd', map: () => ['/etc/passwd'], [Symbol.iterator]: function* () { yield '/etc/passwd'; } })),
        input: await outcome(() => bridge.dropFiles([...input.files])),
        transfer: await outcome(() => bridge.dropFiles([...transfer.files])),
        blob: await outcome(() => bridge.dropFiles([new Blob(['x'])])),
        none: await outcome(() => bridge.dropFiles()),
        paths: await outcome(() => bridge.dropPaths(['/etc/passwd'])),
      };
    })()`);
    for (const [name, answer] of Object.entries(answers)) expect([name, answer.ok]).toEqual([name, false]);
    expect(await uploads()).toEqual([]);
  });

  test('has nothing on the bridge that takes a path or a host, or gives a secret', async () => {
    const names = await app.running.page.evaluate(() => Object.keys((globalThis as unknown as { ferry: Bridge }).ferry));
    expect(names.sort()).toEqual([...requestNames.filter((name) => name !== 'dropPaths'), 'dropFiles', 'on'].sort());
    const state = JSON.stringify(await request(app.running.page, 'getState'));
    expect(state).not.toMatch(/secretKey|tmpSecret|token/i);
    const changed = await app.running.page.evaluate(() => {
      const { ferry } = globalThis as unknown as { ferry: Record<string, unknown> };
      try {
        ferry['getState'] = () => 'mine';
      } catch {
        // A frozen object says so in strict code.
      }
      return String(ferry['getState']).includes('mine');
    });
    expect(changed).toBe(false);
  });

  test('is answered as data whatever it sends, and nothing comes of it', async () => {
    const { page } = app.running;
    const before = JSON.stringify((await request(page, 'getState')).app);
    const answers = await attack(`(async () => { ${collect}
      const odd = [undefined, null, 0, NaN, '', '../..', '/etc/passwd', [], {}, [[]], new Map([[1, 2]]), new Date(NaN), new Uint8Array(8), 10n,
        { __proto__: null }, { get secretKey() { throw new Error('x'); } }, () => 1, Symbol.iterator, document.body, new Proxy({}, {}), 'x'.repeat(200000)];
      const found = {};
      for (const name of Object.keys(bridge)) {
        if (['on', 'chooseFiles', 'chooseFolder', 'openSandboxFolder', 'getState', 'refreshCredential', 'clearFinished'].includes(name)) continue;
        for (let at = 0; at < odd.length; at += 1) {
          if (name === 'copyText' && typeof odd[at] === 'string' || name === 'setPreferences' && at > 6) continue;
          found[name + ' ' + at] = await outcome(() => bridge[name](odd[at]));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
      bridge.on('__proto__', () => 1)(); bridge.on('../request:getState', () => 1)(); bridge.on({}, () => 1);
      return found;
    })()`);
    expect(Object.keys(answers).length).toBeGreaterThan(200);
    const accepted = Object.entries(answers).filter(([, { ok }]) => ok).map(([name]) => name.split(' ')[0]);
    // A list of nothing, and names of nothing there is, are the contract's and do nothing.
    expect(accepted.filter((name) => !/^(cancel|retry|pause|resume)|answerPendingDrop|discardDrop|checkDrop|undoRemoval|runAgain|readAgain|uploadDetails/.test(name ?? ''))).toEqual([]);
    const codes = new Set(Object.values(answers).flatMap(({ problem }) => problem?.code ?? []));
    expect([...codes].filter((code) => code !== 'request-invalid' && code !== 'nothing-to-show' && code !== 'unexpected' && code !== 'dropped-nothing')).toEqual([]);
    expect(JSON.stringify((await request(page, 'getState')).app)).toBe(before);
    expect(await uploads()).toEqual([]);
  });

  test('cannot flood main', async () => {
    const codes = await app.running.page.evaluate(async () => {
      const { ferry } = globalThis as unknown as { ferry: AnyBridge };
      const replies = await Promise.all(Array.from({ length: 2_000 }, () => ferry['selectAccount']!('sandbox')));
      return replies.map((reply) => reply.ok ? 'ok' : reply.problem.code);
    });
    expect(new Set(codes)).toEqual(new Set(['ok', 'requests-too-many']));
    expect(codes.filter((code) => code === 'ok').length).toBeLessThan(1_500);
    await expect.poll(async () => (await app.running.page.evaluate(() => (globalThis as unknown as { ferry: Bridge }).ferry.getState())).ok).toBe(true);
  });

  test('cannot add an account that sends elsewhere, unless the person says so in main’s own question', async () => {
    const { page } = app.running;
    const draft: AccountDraft = { label: 'Sandbox\u202e', site: 'china', secretId: 'AKIDevil', secretKey: 'evil', apiEndpoint: 'https://evil.example', cosDomain: 'evil.example', sessionOnly: true };
    const asked = await answerQuestions(false);
    for (const change of [{}, { apiEndpoint: null, cosDomain: null }, { apiEndpoint: 'http://127.0.0.1:9' }, { apiEndpoint: 'http://127.0.0.1:9', cosDomain: null }]) {
      await expect(request(page, 'addAccount', { ...draft, ...change })).rejects.toThrow('not-agreed');
    }
    const questions = await asked();
    expect(questions).toHaveLength(4);
    expect(questions[0]).toMatch(/Sandbox�[\s\S]*AKIDevil[\s\S]*https:\/\/evil\.example/);
    expect((await request(page, 'getState')).app.accounts).toHaveLength(1);
  });
});

/** Calls main from a page that is not the window's, with Node, as a renderer's own process could: any channel, any value. */
async function fromAnotherPage(): Promise<readonly string[]> {
  return evaluateInMain(app)(async ({ BrowserWindow }, names) => {
    const window = new BrowserWindow({ show: false, webPreferences: { nodeIntegration: true, contextIsolation: false, sandbox: false } });
    try {
      await window.loadURL('app://cos-ferry/index.html');
      return await window.webContents.executeJavaScript(`(async () => {
        const { ipcRenderer } = require('electron');
        const codes = [];
        for (const name of ${JSON.stringify(names)}) {
          for (const args of [[], ['sandbox'], [['/etc/passwd']], [{}], [null, undefined, new Map(), new Date(NaN)]]) {
            const reply = await ipcRenderer.invoke('ferry:request:' + name, ...args);
            codes.push(reply.ok ? 'ok' : reply.problem.code);
          }
        }
        return codes;
      })()`) as string[];
    } finally {
      window.destroy();
    }
  }, requestNames);
}

test('another page, even one of our own files with Node, is refused every request', async () => {
  const codes = await fromAnotherPage();
  expect(codes).toHaveLength(requestNames.length * 5);
  expect(new Set(codes)).toEqual(new Set(['request-invalid']));
});

describe('what lies in private places', () => {
  test('is uploaded only after main’s own question, links to it as well; anything else goes straight', async () => {
    const { page } = app.running;
    await request(page, 'setDestination', { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null });
    const key = path.join(app.scratch, '.private/id_ed25519');
    await writeFile(key, 'private');
    await symlink(key, path.join(app.scratch, 'innocent.txt'));
    await writeFile(path.join(app.scratch, 'build.apk'), 'build');
    const refused = await answerQuestions(false);
    for (const dropped of [key, path.join(app.scratch, 'innocent.txt'), path.join(app.userDataDirectory, 'settings.json')]) await dropFiles(page, [dropped]);
    await expect.poll(async () => (await refused()).length).toBe(3);
    expect((await refused())[0]).toContain(key);
    expect(await uploads()).toEqual([]);
    const [straight] = await watch.finished(() => dropFiles(page, [path.join(app.scratch, 'build.apk')]));
    expect(straight).toMatchObject({ name: 'build.apk', phase: 'done' });
    expect(await refused()).toHaveLength(3);
    await answerQuestions(true);
    const [agreed] = await watch.finished(() => dropFiles(page, [key]));
    expect(agreed).toMatchObject({ name: 'id_ed25519', phase: 'done' });
  });
});

test('a name that turns the reading direction is shown as one that does', async () => {
  const { page } = app.running;
  await writeFile(path.join(app.scratch, 'photo\u202egpj.exe'), 'x');
  // Chromium drags no such file, but a chooser gives it.
  await evaluateInMain(app)(({ dialog }, chosen) => {
    dialog.showOpenDialog = (() => Promise.resolve({ canceled: false, filePaths: [chosen] })) as typeof dialog.showOpenDialog;
  }, path.join(app.scratch, 'photo\u202egpj.exe'));
  await watch.finished(async () => { await request(page, 'chooseFiles'); });
  const texts = await page.evaluate(() => [document.body.innerText, ...[...document.querySelectorAll('[title]')].map((element) => (element as HTMLElement).title)].join('\n'));
  expect(texts).toContain('photo�gpj.exe');
  expect(texts).not.toContain('\u202e');
});

test.runIf(process.platform !== 'win32')('every file and folder the app has written is its user’s alone', async () => {
  const modes = await modesBelow(app.userDataDirectory);
  expect(modes.size).toBeGreaterThan(10);
  expect([...modes].filter(([, mode]) => (mode & 0o077) !== 0)).toEqual([]);
});

test('Chromium has asked the network for nothing', async () => {
  await app.running.close();
  interface NetLog { readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> }; readonly events: readonly { readonly type: number; readonly params?: Readonly<Record<string, unknown>> }[] }
  const { constants, events } = JSON.parse((await readFile(netLog, 'utf8')).replace(/,\s*$/, ']}')) as NetLog;
  expect(events.length).toBeGreaterThan(0);
  const { HOST_RESOLVER_MANAGER_REQUEST, TCP_CONNECT_ATTEMPT, UDP_CONNECT } = constants.logEventTypes;
  const outward = events.filter(({ type, params }) => params && ([HOST_RESOLVER_MANAGER_REQUEST, TCP_CONNECT_ATTEMPT, UDP_CONNECT].includes(type) || /^(?:https?|wss?|ftp):/.test(String(params['url'] ?? ''))));
  expect(outward.map(({ params }) => params)).toEqual([]);
});
