/**
 * The window's keys, by what they do: what acts on them and the cheat sheet both go by this table.
 * Mod is Ctrl, and Cmd on macOS; Meta is Cmd there, and what has it is shown there only.
 */
const table = {
  // These are the application menu's, which acts on them (main/app/app-menu.ts).
  chooseFiles: ['Mod+O'],
  chooseFolder: ['Mod+Shift+O'],
  history: ['Mod+Shift+H'],
  settings: ['Mod+,'],
  quit: ['Mod+Q'],

  shortcuts: ['?'],
  leave: ['Escape'],
  search: ['Mod+F'],

  start: ['Enter'],
  discard: ['Escape'],

  up: ['ArrowUp'],
  down: ['ArrowDown'],
  first: ['Home'],
  last: ['End'],
  select: ['Space', 'Mod+Space'],
  extendUp: ['Shift+ArrowUp'],
  extendDown: ['Shift+ArrowDown'],
  extendToFirst: ['Shift+Home'],
  extendToLast: ['Shift+End'],
  selectAll: ['Mod+A'],
  selectNone: ['Escape'],
  fold: ['Enter'],
  unfold: ['ArrowRight'],
  foldUp: ['ArrowLeft'],
  menu: ['Shift+F10', 'ContextMenu'],
  earlier: ['Alt+ArrowUp'],
  later: ['Alt+ArrowDown'],
  remove: ['Delete', 'Meta+Backspace'],
  undo: ['Mod+Z'],
} as const satisfies Record<string, readonly string[]>;

export type KeyAction = keyof typeof table;

/** A key with what is held down beside it. */
export type Pressed = Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** True where that is what the key does. */
export function isKey(pressed: Pressed, action: KeyAction): boolean {
  return table[action].some((keys) => matches(pressed, keys));
}

/** Where Cmd takes Ctrl's place. */
export const isMacOs = (): boolean => navigator.userAgent.includes('Mac OS');

/** What the cheat sheet shows for one or more actions with the same modifiers: those, then the key of each, by their names on this system. */
export function shownKeys(actions: readonly KeyAction[], isMac: boolean): readonly string[] {
  const combinations = actions.map((action) => {
    const all: readonly string[] = table[action];
    const own = all.filter((keys) => keys.includes('Meta+') === isMac);
    return (own[0] ?? all[0] ?? '').split('+');
  });
  const modifiers = combinations[0]?.slice(0, -1) ?? [];
  return [...modifiers, ...combinations.flatMap((keys) => keys.slice(-1))].map((key) => (isMac ? macNames[key] : undefined) ?? names[key] ?? key);
}

/** The same as `aria-keyshortcuts` wants it. */
export function ariaKeys(action: KeyAction, isMac: boolean): string {
  return table[action][0].replace('Mod', isMac ? 'Meta' : 'Control');
}

const names: Readonly<Record<string, string>> = { Mod: 'Ctrl', ArrowUp: '↑', ArrowDown: '↓', ArrowRight: '→', ArrowLeft: '←', Escape: 'Esc' };
const macNames: Readonly<Record<string, string>> = { Mod: '⌘', Meta: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Escape: 'esc', Backspace: '⌫' };

function matches({ key, altKey, ctrlKey, metaKey, shiftKey }: Pressed, keys: string): boolean {
  const modifiers = keys.split('+');
  const wanted = modifiers.pop() ?? '';
  const pressed = key === ' ' ? 'Space' : key;
  if (pressed.toLowerCase() !== wanted.toLowerCase() || altKey !== modifiers.includes('Alt')) return false;
  // Which sign Shift makes of a key is the keyboard's affair.
  const isSign = /^[^a-z]$/i.test(wanted);
  if (!isSign && shiftKey !== modifiers.includes('Shift')) return false;
  if (modifiers.includes('Meta')) return metaKey && !ctrlKey;
  return (ctrlKey || metaKey) === modifiers.includes('Mod');
}
