import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FerryError } from '../../main/ferry-error.ts';
import { initialSettings } from '../../main/settings/settings.ts';
import { SettingsStore } from '../../main/settings/settings-store.ts';

let directory: string;
let file: string;
const errors: FerryError[] = [];

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ferry-settings-'));
  file = path.join(directory, 'deep', 'settings.json');
  errors.length = 0;
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const open = () => SettingsStore.open(file, (error) => errors.push(error));

test('begins with the initial settings and keeps what was changed', async () => {
  const settings = await open();
  expect(settings.value).toEqual(initialSettings);
  await settings.update({ themeChoice: 'dark' });
  await settings.update({ languageChoice: 'zh-CN' });
  expect((await open()).value).toMatchObject({ themeChoice: 'dark', languageChoice: 'zh-CN' });
});

test.skipIf(process.platform === 'win32')('the file is its user\'s alone', async () => {
  await (await open()).update({ themeChoice: 'dark' });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
});

test.each(['{ "version": 1,', '{ "version": 99 }', ''])('a file that cannot be understood (%j) is set aside, said, and never overwritten', async (content) => {
  await (await open()).update({ themeChoice: 'dark' });
  await writeFile(file, content);
  const settings = await open();
  expect(settings.value).toEqual(initialSettings);
  expect(errors.map((error) => error.problem.code)).toEqual(['settings-unreadable']);
  await settings.update({ themeChoice: 'light' });
  const aside = (await readdir(path.dirname(file))).filter((name) => name.includes('unreadable'));
  expect(aside).toHaveLength(1);
  expect(await readFile(path.join(path.dirname(file), aside[0]!), 'utf8')).toBe(content);
});

test('many changes at once end in the last one, with no temporary file left', async () => {
  const settings = await open();
  await Promise.all(Array.from({ length: 30 }, (_, index) => settings.update({ accountId: `account-${index}` })));
  expect((await open()).value.accountId).toBe('account-29');
  expect(await readdir(path.dirname(file))).toEqual(['settings.json']);
});

test('settings of version 1 keep everything and get today\'s options', async () => {
  const { options: _options, windowPlace: _windowPlace, ...before } = { ...initialSettings, version: 1, themeChoice: 'dark', accountId: 'team', hintsShown: ['still-running'] };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(before));
  const settings = await open();
  expect(errors).toEqual([]);
  expect(settings.value).toEqual({ ...initialSettings, themeChoice: 'dark', accountId: 'team', hintsShown: ['still-running'] });
  await settings.update({ options: { ...settings.value.options, packLevel: 'small' } });
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 2, options: { packLevel: 'small' } });
});

test('settings without destinations and a first run get what they begin with', async () => {
  const { hasChosen: _hasChosen, destinationLocked: _locked, recentDestinations: _recent, speeds: _speeds, ...before } = { ...initialSettings, accountId: 'team' };
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(before));
  expect((await open()).value).toEqual({ ...initialSettings, accountId: 'team' });
  expect(errors).toEqual([]);
});

test('a place that cannot be written is said', async () => {
  await writeFile(path.join(directory, 'deep'), 'a file where a folder should be');
  await expect(SettingsStore.open(path.join(directory, 'other.json'), () => undefined).then((settings) => settings.value)).resolves.toEqual(initialSettings);
  const settings = await SettingsStore.open(path.join(directory, 'deep', 'settings.json'), () => undefined).catch((error: FerryError) => error.problem.code);
  expect(settings).toBe('settings-unreadable');
});
