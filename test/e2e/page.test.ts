import { afterAll, beforeAll, expect, test } from 'vitest';
import { evaluateInMain, startApp, type TestApp } from '../support/app.ts';

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

test('it runs with every protection on', async () => {
  const preferences = await evaluateInMain(app)(({ BrowserWindow }) => {
    const { webContents } = BrowserWindow.getAllWindows()[0]!;
    return (webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false });
  expect(preferences).not.toMatchObject({ nodeIntegrationInSubFrames: true });
});
