import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { appMenuTemplate } from '../../main/app/app-menu.ts';
import { wordsIn } from '../../main/app/words.ts';
import { createTranslator } from '../../preload/locales/translator.ts';
import { ariaKeys, isKey, shownKeys, type KeyAction, type Pressed } from '../../renderer/state/keys.ts';
import { shortcutGroups } from '../../renderer/state/shortcuts.ts';

const key = (name: string, held: Partial<Pressed> = {}): Pressed => ({ key: name, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, ...held });

describe('a key', () => {
  it('is known with exactly what is held beside it', () => {
    expect(isKey(key('ArrowUp'), 'up')).toBe(true);
    expect(isKey(key('ArrowUp', { shiftKey: true }), 'up')).toBe(false);
    expect(isKey(key('ArrowUp', { shiftKey: true }), 'extendUp')).toBe(true);
    expect(isKey(key('ArrowUp', { altKey: true }), 'up')).toBe(false);
    expect(isKey(key('f'), 'search')).toBe(false);
    expect(isKey(key(' '), 'select')).toBe(true);
  });

  it('is told to a screen reader as this system has it', () => {
    expect([ariaKeys('undo', false), ariaKeys('undo', true), ariaKeys('search', true)]).toEqual(['Control+Z', 'Meta+Z', 'Meta+F']);
  });

  it('has Cmd for Ctrl, and is the same with Caps Lock', () => {
    expect([key('f', { ctrlKey: true }), key('F', { metaKey: true })].map((pressed) => isKey(pressed, 'search'))).toEqual([true, true]);
  });

  it('that is a sign is known with or without Shift, whatever keyboard made it', () => {
    expect([key('?'), key('?', { shiftKey: true })].map((pressed) => isKey(pressed, 'shortcuts'))).toEqual([true, true]);
  });

  it('removes with Cmd and Backspace, but not with Ctrl', () => {
    expect([key('Backspace', { metaKey: true }), key('Backspace', { ctrlKey: true }), key('Delete')].map((pressed) => isKey(pressed, 'remove'))).toEqual([true, false, true]);
  });
});

describe('the cheat sheet', () => {
  it('names keys as they stand on the keyboard', () => {
    expect(shownKeys(['extendUp', 'extendDown'], false)).toEqual(['Shift', '↑', '↓']);
    expect(shownKeys(['search'], false)).toEqual(['Ctrl', 'F']);
    expect(shownKeys(['search'], true)).toEqual(['⌘', 'F']);
    expect([shownKeys(['remove'], false), shownKeys(['remove'], true)]).toEqual([['Delete'], ['⌘', '⌫']]);
  });

  it('says the same of the menu’s keys as the menu itself', () => {
    const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
      items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
    const actions = { chooseFiles: () => undefined, chooseFolder: () => undefined, command: () => undefined, openLogFolder: () => undefined, checkForUpdates: null };
    const items = flat(appMenuTemplate(wordsIn('en'), actions, { platform: 'linux', development: false }));
    const inMenu: readonly (readonly [string, KeyAction])[] = [['choose-files', 'chooseFiles'], ['choose-folder', 'chooseFolder'], ['history', 'history'], ['settings', 'settings']];
    for (const [id, action] of inMenu) expect(items.find((item) => item.id === id)?.accelerator).toBe(shownKeys([action], false).join('+').replace('Ctrl', 'CmdOrCtrl'));
    expect(items.find((item) => item.role === 'quit')?.accelerator).toBe(shownKeys(['quit'], false).join('+').replace('Ctrl', 'CmdOrCtrl'));
  });

  it('shows the keys of the list and of what waits for its start', () => {
    const shown = shortcutGroups(createTranslator('en')).flatMap(({ shortcuts }) => shortcuts.flatMap(({ actions }) => actions));
    expect(shown).toEqual(expect.arrayContaining<KeyAction>([
      'search', 'up', 'down', 'select', 'extendUp', 'extendDown', 'selectAll', 'selectNone', 'fold', 'menu', 'earlier', 'later', 'remove', 'undo', 'start', 'discard',
    ]));
  });

  it('has a line of its own for all it shows, in both languages', () => {
    for (const language of ['en', 'zh-CN'] as const) {
      for (const { shortcuts } of shortcutGroups(createTranslator(language))) expect(new Set(shortcuts.map(({ what }) => what)).size).toBe(shortcuts.length);
    }
  });
});
