const longestLabel = 48;

/**
 * A file's name as a menu or a tooltip can show it: on one line, the middle of a long one left
 * out so that its ending stays.
 */
export function shortName(name: string): string {
  const line = name.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  // By what a person sees as one character, so that no emoji is cut in two.
  const characters = [...new Intl.Segmenter().segment(line)].map(({ segment }) => segment);
  if (characters.length <= longestLabel) return line;
  const kept = longestLabel - 1;
  const head = Math.ceil(kept / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (kept - head)).join('')}`;
}

/** Text as a menu label: a single `&` would mark the letter after it as the shortcut. */
export function menuLabel(text: string): string {
  return text.replaceAll('&', '&&');
}
