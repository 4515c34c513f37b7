import type { Translator } from '../../preload/locales/translator.ts';
import type { KeyAction } from './keys.ts';

interface Shortcut {
  /** Several with the same modifiers, such as the arrow up and the arrow down. */
  readonly actions: readonly KeyAction[];
  readonly what: string;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly shortcuts: readonly Shortcut[];
}

/** All there is to press, as the cheat sheet shows it. */
export function shortcutGroups(t: Translator): readonly ShortcutGroup[] {
  return [
    {
      title: t('shortcuts.window'),
      shortcuts: [
        { actions: ['chooseFiles'], what: t('actions.chooseFiles') },
        { actions: ['chooseFolder'], what: t('actions.chooseFolder') },
        { actions: ['search'], what: t('shortcuts.search') },
        { actions: ['history'], what: t('shortcuts.history') },
        { actions: ['settings'], what: t('settings.title') },
        { actions: ['shortcuts'], what: t('shortcuts.title') },
        { actions: ['leave'], what: t('shortcuts.close') },
        { actions: ['quit'], what: t('shortcuts.quit') },
      ],
    },
    {
      title: t('shortcuts.waiting'),
      shortcuts: [
        { actions: ['start'], what: t('preflight.start') },
        { actions: ['discard'], what: t('preflight.discard') },
      ],
    },
    {
      title: t('shortcuts.list'),
      shortcuts: [
        { actions: ['up', 'down'], what: t('shortcuts.step') },
        { actions: ['first', 'last'], what: t('shortcuts.ends') },
        { actions: ['fold'], what: t('shortcuts.fold') },
        { actions: ['menu'], what: t('shortcuts.menu') },
        { actions: ['select'], what: t('shortcuts.select') },
        { actions: ['extendUp', 'extendDown'], what: t('shortcuts.extend') },
        { actions: ['selectAll'], what: t('shortcuts.selectAll') },
        { actions: ['selectNone'], what: t('queue.selectNone') },
        { actions: ['earlier', 'later'], what: t('shortcuts.move') },
        { actions: ['remove'], what: t('queue.command.remove') },
        { actions: ['undo'], what: t('shortcuts.undo') },
      ],
    },
  ];
}

/** True for a key that is pressed while nothing is being typed. */
export function isOutsideText(event: KeyboardEvent): boolean {
  const { target } = event;
  return !(target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea')));
}

/** True while a dialog or a menu is open, whose keys come first. */
export function isAnswering(): boolean {
  return document.querySelector('dialog[open], :popover-open[popover=auto]') !== null;
}
