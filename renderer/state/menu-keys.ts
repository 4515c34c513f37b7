/** Arrow keys, Home and End move the focus between a menu's items; Tab leaves it, and with that closes it. */
export function menuKeys(menu: HTMLElement): () => void {
  function onkeydown(event: KeyboardEvent) {
    const items = [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]')];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === 'Tab') menu.hidePopover();
    if (next === undefined) return;
    event.preventDefault();
    items[next % items.length]?.focus();
  }
  menu.addEventListener('keydown', onkeydown);
  return () => menu.removeEventListener('keydown', onkeydown);
}
