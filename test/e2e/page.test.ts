import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { request } from '../setup/app-driver.ts';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';
import { startTinyProxy } from '../support/tiny-proxy.ts';

let app: TestApp;

beforeAll(async () => { app = await startApp(); });
afterAll(() => app?.dispose());

test('the page comes from app:// with a policy that lets it run nothing of its own making', async () => {
  const { page } = app.running;
  expect(page.url()).toBe('app://cos-ferry/index.html');
  const found = await page.evaluate(async () => {
    const violations: string[] = [];
    addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    const outcome = async (attempt: () => unknown): Promise<string> => {
      // What the debugger itself runs is exempt from the policy; what a timer runs is not.
      await new Promise((resolve) => { setTimeout(resolve); });
      try {
        return String(await attempt());
      } catch (error) {
        return (error as Error).name;
      }
    };
    const loaded = (element: HTMLElement): Promise<string> => new Promise((resolve) => {
      element.onload = () => { resolve('loaded'); };
      element.onerror = () => { resolve('refused'); };
      document.body.append(element);
      setTimeout(() => { resolve('nothing'); }, 500);
    });
    const result = {
      evaluate: await outcome(() => (0, eval)('1 + 1')),
      construct: await outcome(() => new Function('return 1')()),
      html: await outcome(() => { document.createElement('div').innerHTML = '<b>x</b>'; return 'set'; }),
      fetch: await outcome(() => fetch('app://cos-ferry/index.html')),
      fetchFile: await outcome(() => fetch('file:///etc/passwd')),
      image: await loaded(Object.assign(new Image(), { src: 'https://127.0.0.1:9/x.png' })),
      frame: await loaded(Object.assign(document.createElement('iframe'), { src: 'app://cos-ferry/index.html' })),
      worker: await outcome(() => new Worker('app://cos-ferry/assets/x.js')),
      window: String(open('app://cos-ferry/index.html')),
      node: [typeof Reflect.get(globalThis, 'require'), typeof Reflect.get(globalThis, 'process'), typeof Reflect.get(globalThis, 'module')].join(),
      notifications: await outcome(() => Notification.requestPermission()),
      camera: await outcome(() => navigator.mediaDevices?.getUserMedia({ video: true })),
      location: await outcome(() => new Promise((resolve, reject) => { navigator.geolocation.getCurrentPosition(resolve, () => { reject(new DOMException('', 'NotAllowedError')); }); })),
      clipboard: await outcome(() => navigator.clipboard.readText()),
    };
    for (const frame of document.querySelectorAll('body > iframe, body > img')) frame.remove();
    return { ...result, violations: [...new Set(violations)].sort() };
  });
  expect(found).toMatchObject({
    evaluate: 'EvalError', construct: 'EvalError', html: 'TypeError', fetch: 'TypeError', fetchFile: 'TypeError', image: 'refused',
    window: 'null', node: 'undefined,undefined,undefined', notifications: 'denied', camera: expect.stringMatching(/NotAllowedError|NotFoundError/), location: 'NotAllowedError', clipboard: 'NotAllowedError',
  });
  expect(found.violations).toEqual(expect.arrayContaining(['connect-src', 'frame-src', 'img-src', 'require-trusted-types-for']));
});

test('it cannot go elsewhere, nor download', async () => {
  const { page } = app.running;
  for (const url of ['https://127.0.0.1:9/', 'file:///etc/passwd', 'data:text/html,x', 'app://cos-ferry/assets/other.html']) {
    await page.evaluate((to) => { location.href = to; }, url).catch(() => undefined);
  }
  await page.evaluate(() => {
    const link = document.createElement('a');
    Object.assign(link, { href: 'app://cos-ferry/index.html', download: 'x.html' });
    link.click();
  });
  expect(page.url()).toBe('app://cos-ferry/index.html');
  expect(await evaluateInMain(app)(({ BrowserWindow }) => BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getURL()))).toEqual(['app://cos-ferry/index.html']);
});

test('it gets nothing out by WebRTC, which no content policy reaches, nor by opening a connection early', async () => {
  const heard: string[] = [];
  const listen = (name: string) => createServer((socket) => {
    heard.push(name);
    socket.destroy();
  }).listen(0, '127.0.0.1');
  const [early, relay] = [listen('preconnect'), listen('TURN over TCP')];
  const stun = createSocket('udp4', () => heard.push('STUN')).bind(0, '127.0.0.1');
  try {
    await Promise.all([early, relay, stun].map((server) => once(server, 'listening')));
    const [earlyPort, relayPort, stunPort] = [early, relay, stun].map((server) => (server.address() as AddressInfo).port);
    const ended = await app.running.page.evaluate(async (ports) => {
      document.head.append(Object.assign(document.createElement('link'), { rel: 'preconnect', href: `http://127.0.0.1:${ports.earlyPort}` }));
      const peer = new RTCPeerConnection({ iceServers: [
        { urls: [`stun:127.0.0.1:${ports.stunPort}`] },
        { urls: [`turn:127.0.0.1:${ports.stunPort}`, `turn:127.0.0.1:${ports.relayPort}?transport=tcp`], username: 'secret', credential: 'x' },
      ] });
      peer.createDataChannel('x');
      const gathered = new Promise<string>((resolve) => { peer.onicecandidate = ({ candidate }) => { if (candidate === null) resolve('gathered'); }; });
      await peer.setLocalDescription(await peer.createOffer());
      return Promise.race([gathered, new Promise((resolve) => { setTimeout(resolve, 10_000, 'still gathering'); })]);
    }, { earlyPort, relayPort, stunPort });
    expect(ended).toBe('gathered');
    expect(heard).toEqual([]);
  } finally {
    early.close();
    relay.close();
    stun.close();
  }
});

test('it runs with every protection on', async () => {
  const preferences = await evaluateInMain(app)(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false });
  expect(preferences).not.toMatchObject({ nodeIntegrationInSubFrames: true });
});

test('what the app itself asks still goes through the proxy that the system names', async () => {
  const proxy = await startTinyProxy();
  const behind = await startApp({ env: { http_proxy: proxy.url, https_proxy: proxy.url, no_proxy: '' } });
  try {
    await evaluateInMain(behind)(({ dialog }) => {
      dialog.showMessageBox = (() => Promise.resolve({ response: 1, checkboxChecked: false })) as unknown as typeof dialog.showMessageBox;
    });
    await request(behind.running.page, 'addAccount', {
      label: 'Behind', site: 'china', secretId: 'AKIDx', secretKey: 'key', apiEndpoint: 'https://api.ferry.invalid', cosDomain: null, sessionOnly: true,
    }).catch(() => undefined);
    expect(proxy.asked).toContain('CONNECT api.ferry.invalid:443');
  } finally {
    await behind.dispose();
    await proxy.close();
  }
});
