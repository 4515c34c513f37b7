import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { appMenuTemplate } from '../../main/app/app-menu.ts';
import { wordsIn } from '../../main/app/words.ts';

const actions = { chooseFiles: () => undefined, chooseFolder: () => undefined, command: () => undefined, openLogFolder: () => undefined, checkForUpdates: null };
const build = (platform: NodeJS.Platform, language: 'en' | 'zh-CN' = 'en', development = false) =>
  appMenuTemplate(wordsIn(language), actions, { platform, development });
const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
const roles = (items: readonly MenuItemConstructorOptions[]) => flat(items).flatMap((item) => item.role ?? []);

describe('the application menu', () => {
  it.each(['darwin', 'linux', 'win32'] as const)('has the edit roles that copy and paste need, and a way to quit, on %s', (platform) => {
    expect(roles(build(platform))).toEqual(expect.arrayContaining(['cut', 'copy', 'paste', 'selectAll', 'undo', 'redo', 'quit']));
  });

  it('begins with the application on macOS only', () => {
    expect(build('darwin')[0]?.label).toBe('COS Ferry');
    expect(build('linux')[0]?.label).toBe('File');
  });

  it('has a label of its own on every item, so that none is left in another language', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      expect(flat(build('darwin', language, true)).filter((item) => item.type !== 'separator' && !item.label)).toEqual([]);
    }
    expect(build('linux', 'zh-CN').map((item) => item.label)).toEqual(['文件', '编辑', '显示', '窗口', '帮助']);
  });

  it.each(['darwin', 'linux'] as const)('asks the window for settings, the search, history and shortcuts on %s, and for an about box where the system has none', (platform) => {
    const asked: string[] = [];
    const items = flat(appMenuTemplate(wordsIn('en'), { ...actions, command: (command) => asked.push(command) }, { platform, development: false }));
    for (const id of ['settings', 'search', 'history', 'shortcuts', 'about']) (items.find((item) => item.id === id)?.click as (() => void) | undefined)?.();
    expect(asked).toEqual(['settings', 'search', 'history', 'shortcuts', ...(platform === 'darwin' ? [] : ['about'])]);
    expect(items.some((item) => item.role === 'about')).toBe(platform === 'darwin');
  });

  it('offers the developer tools in development only', () => {
    expect(roles(build('linux', 'en', true))).toContain('toggleDevTools');
    expect(roles(build('linux'))).not.toContain('toggleDevTools');
  });

  it.each(['darwin', 'win32'] as const)('offers to check for updates only where the app updates itself, on %s', (platform) => {
    const updating = appMenuTemplate(wordsIn('en'), { ...actions, checkForUpdates: () => undefined }, { platform, development: false });
    const ids = (items: readonly MenuItemConstructorOptions[]) => flat(items).flatMap((item) => item.id ?? []);
    expect(ids(updating)).toContain('check-for-updates');
    expect(ids(build(platform))).not.toContain('check-for-updates');
  });
});
