const controls = 'button, summary, a[href], input';

/**
 * Of many rows only the one that has the keyboard's turn lets Tab into its controls, so that a long
 * list is one step on the way through the window.
 */
export const tabStops = (within: boolean) => (row: HTMLElement): (() => void) | undefined => {
  if (within) return undefined;
  const close = () => row.querySelectorAll<HTMLElement>(controls).forEach((control) => (control.tabIndex = -1));
  close();
  const later = new MutationObserver(close);
  later.observe(row, { childList: true, subtree: true });
  return () => {
    later.disconnect();
    row.querySelectorAll<HTMLElement>(controls).forEach((control) => control.removeAttribute('tabindex'));
  };
};
