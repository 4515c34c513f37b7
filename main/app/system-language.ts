import type { Language } from '../../preload/contract.ts';

/**
 * The language to speak, from the system's preferred ones, best first (BCP 47, or as a POSIX
 * locale): the first one the app knows, English where it knows none. Of Chinese it knows the
 * simplified script.
 */
export function systemLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const locale = parse(tag);
    if (locale?.language === 'zh' && locale.script === 'Hans') return 'zh-CN';
    if (locale?.language === 'en') return 'en';
  }
  return 'en';
}

function parse(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag.replace(/[.@].*$/, '').replaceAll('_', '-')).maximize();
  } catch {
    return null;
  }
}
