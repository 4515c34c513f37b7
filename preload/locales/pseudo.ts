interface Catalogue {
  readonly [key: string]: string | Catalogue;
}

const accented: Readonly<Record<string, string>> = {
  a: 'å', b: 'ƀ', c: 'ç', d: 'ð', e: 'é', f: 'ƒ', g: 'ĝ', h: 'ĥ', i: 'î', j: 'ĵ', k: 'ķ', l: 'ļ', n: 'ñ', o: 'ö', p: 'þ', r: 'ŕ', s: 'š', t: 'ţ', u: 'û', w: 'ŵ', y: 'ý', z: 'ž',
};
const longer = 0.4;

/** A catalogue in the pseudo-language: accented, two fifths longer, in brackets whose loss shows that it was cut; values to fill in stay as they are. */
export function pseudoWords<T extends object>(words: T): T {
  return Object.fromEntries(Object.entries(words as Catalogue).map(([key, value]) =>
    [key, typeof value === 'string' ? pseudoText(value) : pseudoWords(value)])) as T;
}

function pseudoText(text: string): string {
  const parts = text.split(/(\{\{[^}]*\}\})/);
  const letters = parts.filter((_, index) => index % 2 === 0).join('').length;
  const shown = parts.map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[a-z]/g, (letter) => accented[letter] ?? letter))).join('');
  return `[${shown}${'~'.repeat(Math.ceil(letters * longer))}]`;
}
