import type { App } from 'electron';
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectOpenedPaths } from '../../main/app/open-paths.ts';

/** As much of Electron's app as opened paths need. */
class FakeApp extends EventEmitter {
  requestSingleInstanceLock = (): boolean => true;
  getAppPath = (): string => '/the/app';

  secondInstance(...paths: string[]): void {
    this.emit('second-instance', {}, [], '/', { argv: ['/the/app/electron', ...paths] });
  }

  openUrl(link: string): void {
    this.emit('open-url', { preventDefault: () => undefined }, link);
  }

  openFile(path: string): void {
    this.emit('open-file', { preventDefault: () => undefined }, path);
  }
}

let app: FakeApp;
let folder: string;
let opened: (readonly string[])[];
let links: string[];

const ownArguments = process.argv;

beforeEach(() => {
  // The test runner's own would be opened as well.
  process.argv = ['/the/app/electron'];
  app = new FakeApp();
  opened = [];
  links = [];
  folder = mkdtempSync(join(tmpdir(), 'ferry-open-'));
});

afterEach(() => {
  process.argv = ownArguments;
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string): string {
  writeFileSync(join(folder, name), name);
  return join(folder, name);
}

const drops = () => opened.filter((paths) => paths.length > 0).map((paths) => [...paths]);

test('what comes before the app is ready is delivered when it is', async () => {
  const paths = collectOpenedPaths(app as unknown as App);
  app.secondInstance(file('early.zip'));
  app.openFile(file('opened.zip'));
  paths.deliverTo((some) => { opened.push(some); }, (link) => { links.push(link); });
  await expect.poll(drops).toEqual([[join(folder, 'early.zip'), join(folder, 'opened.zip')]]);
});

test('files opened together, an instance each, are one drop', async () => {
  collectOpenedPaths(app as unknown as App).deliverTo((some) => { opened.push(some); }, (link) => { links.push(link); });
  app.secondInstance(file('a.zip'));
  app.secondInstance(file('b.zip'));
  await expect.poll(drops).toEqual([[join(folder, 'a.zip'), join(folder, 'b.zip')]]);
});

test('a second start without files asks for the window at once', () => {
  collectOpenedPaths(app as unknown as App).deliverTo((some) => { opened.push(some); }, (link) => { links.push(link); });
  app.secondInstance();
  expect(opened).toEqual([[]]);
});

test('a link is delivered as one, early or late, with the window', () => {
  const paths = collectOpenedPaths(app as unknown as App);
  app.openUrl('cos-ferry://upload?service=ms');
  paths.deliverTo((some) => { opened.push(some); }, (link) => { links.push(link); });
  app.secondInstance('cos-ferry://upload?service=car');
  expect(links).toEqual(['cos-ferry://upload?service=ms', 'cos-ferry://upload?service=car']);
  expect(opened).toEqual([[]]);
});

test('neither a link nor what stands beside it is ever a path', async () => {
  // `resolve` takes the link's own dots for a way upward.
  process.argv = ['/the/app/electron', file('beside.zip'), `COS-FERRY:/..${folder}/beside.zip`];
  collectOpenedPaths(app as unknown as App).deliverTo((some) => { opened.push(some); }, (link) => { links.push(link); });
  app.secondInstance('--', file('other.zip'), `cos-ferry:../..${folder}/other.zip`);
  app.openFile(file('real.zip'));
  await expect.poll(drops).toEqual([[join(folder, 'real.zip')]]);
  expect(links).toHaveLength(2);
});
