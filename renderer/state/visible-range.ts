/** The rows of a list that are in sight, with a few around them so that scrolling shows no gap. */
export function visibleRange(
  scrolledPx: number,
  rowHeightPx: number,
  rowsShown: number,
  count: number,
): { readonly first: number; readonly end: number } {
  const around = 6;
  // A list that became shorter may still be scrolled past its end for a moment.
  const top = Math.min(Math.floor(scrolledPx / rowHeightPx), Math.max(0, count - rowsShown));
  return { first: Math.max(0, top - around), end: Math.min(count, top + rowsShown + around) };
}
