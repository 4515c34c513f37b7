import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Destination } from '../../preload/contract.ts';
import { eventually } from '../support/eventually.ts';
import { sandboxDraft, startEngine, type Engine, type EngineOptions } from '../support/engine.ts';

const car: Destination = { service: 'car', applicationId: 'app-sandbox', cosRegion: '', durationSeconds: null };
const applications = ['app-sandbox', ...Array.from({ length: 10 }, (_, index) => `app-space-game-${index}`)];
let engine: Engine;
let directory: string;
let zip: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-destinations-'));
  zip = path.join(directory, 'game.zip');
  await writeFile(zip, 'zip');
  engine = await start();
});

afterEach(async () => {
  await engine.close();
  await rm(directory, { recursive: true, force: true });
});

const start = (change: Partial<EngineOptions> = {}): Promise<Engine> => startEngine({ directory, sandbox: { applications }, ...change });
const state = () => engine.ferry.appState();
const recent = () => state().recentDestinations.map(({ destination }) => destination.applicationId || destination.service);

async function dropFor(applicationId: string): Promise<void> {
  await engine.drop([zip], { ...car, applicationId });
  await eventually(() => recent()[0] === applicationId);
}

test('where drops went is remembered, the latest first, each once, eight of them, over restarts', async () => {
  for (const id of applications) await dropFor(id);
  await dropFor('app-space-game-5');
  const expected = ['app-space-game-5', ...[9, 8, 7, 6, 4, 3, 2].map((index) => `app-space-game-${index}`)];
  expect(recent()).toEqual(expected);
  await engine.finished(12);
  await engine.close();
  engine = await start();
  expect(recent()).toEqual(expected);
});

test('a drop onto another destination goes there, and the chosen one stays chosen', async () => {
  engine.ferry.drop([zip], { accountId: 'sandbox', destination: { ...car, service: 'ms' } });
  expect(await engine.finished()).toMatchObject([{ service: 'ms', phase: 'done' }]);
  expect(state().destination.service).toBe('car');
});

test('a recent destination is chosen together with its account, and goes with it', async () => {
  const { id } = await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  await dropFor('app-space-game-1');
  await engine.finished();
  await engine.ferry.selectAccount('sandbox');
  await engine.ferry.useDestination(state().recentDestinations[0]!);
  expect(state()).toMatchObject({ accountId: id, destination: { applicationId: 'app-space-game-1' } });
  await engine.ferry.removeAccount(id);
  expect(recent()).toEqual([]);
});

test('a locked destination cannot be changed by accident, and drops go there without a question', async () => {
  await engine.close();
  engine = await start({ asks: true });
  await engine.ferry.setDestination(car);
  await engine.ferry.lockDestination(true);
  const refused = { problem: { code: 'destination-locked' } };
  await expect(engine.ferry.setDestination({ ...car, service: 'ms' })).rejects.toMatchObject(refused);
  await expect(engine.ferry.selectAccount('sandbox')).rejects.toMatchObject(refused);
  await expect(engine.ferry.useDestination({ accountId: 'sandbox', destination: car })).rejects.toMatchObject(refused);
  engine.ferry.drop([zip]);
  expect(await engine.finished()).toMatchObject([{ service: 'car', phase: 'done' }]);
  await engine.ferry.lockDestination(false);
  engine.ferry.drop([zip]);
  expect(state().waitingDrops).toHaveLength(1);
});

test('there is nothing to lock before there is an application', async () => {
  await engine.ferry.setDestination({ ...car, applicationId: '' });
  await expect(engine.ferry.lockDestination(true)).rejects.toMatchObject({ problem: { code: 'application-id-missing' } });
});

test('the account\'s applications are listed by name and ID, page by page, and recent destinations have their names', async () => {
  await engine.close();
  const many = Array.from({ length: 230 }, (_, index) => `app-game-${index}`);
  engine = await start({ sandbox: { applications: many } });
  const listed = await engine.ferry.listApplications('sandbox');
  expect(listed.map(({ id }) => id)).toEqual(many);
  expect(listed[7]).toEqual({ id: 'app-game-7', name: 'Game 7' });
  await dropFor('app-game-7');
  expect(state().recentDestinations[0]!.applicationName).toBe('Game 7');
});

test('a key that may not list applications is refused, and the ID can still be given', async () => {
  await engine.close();
  engine = await start({ sandbox: { faults: ({ operation, res }) => {
    if (operation !== 'DescribeApplicationList') return false;
    res.setHeader('Content-Type', 'application/json');
    res.end(JSON.stringify({ Response: { RequestId: 'r-1', Error: { Code: 'UnauthorizedOperation', Message: 'no permission' } } }));
    return true;
  } } });
  await expect(engine.ferry.listApplications('sandbox')).rejects.toMatchObject({ problem: { code: 'key-not-permitted' } });
  await dropFor('app-sandbox');
  expect(await engine.finished()).toMatchObject([{ phase: 'done' }]);
});

test('the first run is over once the sandbox or a key was chosen, for good', async () => {
  expect(state().firstRun).toBe(true);
  await engine.ferry.endFirstRun();
  expect(state().firstRun).toBe(false);
  await engine.close();
  engine = await start();
  expect(state().firstRun).toBe(false);
});

test('the first run is over as well with the first account, and with the first drop that is sent', async () => {
  await engine.ferry.addAccount(sandboxDraft(engine.sandbox));
  expect(state().firstRun).toBe(false);
  await engine.close();
  await rm(path.join(directory, 'settings.json'));
  await mkdir(directory, { recursive: true });
  engine = await start();
  expect(state().firstRun).toBe(true);
  await dropFor('app-sandbox');
  expect(state().firstRun).toBe(false);
});
