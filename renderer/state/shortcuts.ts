import type { Translator } from '../../preload/locales/translator.ts';

/** Mod is Ctrl, and Cmd on macOS. */
interface Shortcut {
  readonly keys: readonly string[];
  readonly what: string;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

/** All there is to press, as the cheat sheet shows it. What acts on them is the application menu and the components. */
export function shortcutGroups(t: Translator): readonly ShortcutGroup[] {
  return [
    {
      title: t('shortcuts.window'),
      shortcuts: [
        { keys: ['Mod', 'O'], what: t('actions.chooseFiles') },
        { keys: ['Mod', 'Shift', 'O'], what: t('actions.chooseFolder') },
        { keys: ['Mod', 'Shift', 'H'], what: t('shortcuts.history') },
        { keys: ['Mod', ','], what: t('settings.title') },
        { keys: ['?'], what: t('shortcuts.title') },
        { keys: ['Esc'], what: t('shortcuts.close') },
        { keys: ['Mod', 'Q'], what: t('shortcuts.quit') },
      ],
    },
    {
      title: t('shortcuts.list'),
      shortcuts: [
        { keys: ['Tab'], what: t('shortcuts.next') },
        { keys: ['Enter'], what: t('shortcuts.unfold') },
        { keys: ['Alt', '↑'], what: t('shortcuts.earlier') },
        { keys: ['Alt', '↓'], what: t('shortcuts.later') },
      ],
    },
  ];
}

const macKeys: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Esc: 'esc' };

/** A key as it stands on the keyboard of this system. */
export function keyName(key: string, isMac: boolean): string {
  if (isMac) return macKeys[key] ?? key;
  return key === 'Mod' ? 'Ctrl' : key;
}

/** True for a key that is pressed while nothing is being typed. */
export function isOutsideText(event: KeyboardEvent): boolean {
  const { target } = event;
  return !(target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea')));
}
