/**
 * Text of somebody else's (a file's name, a service's words) as it can be shown on one line: what
 * would turn the reading direction, hide, or break the line stands there as `�`, so that
 * `photo<RLO>gpj.exe` cannot pass for a picture.
 */
export function visibleText(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu, '\ufffd');
}
