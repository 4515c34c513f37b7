import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { problems as problemsEn } from '../../preload/locales/en/problems.ts';
import { shell as shellEn } from '../../preload/locales/en/shell.ts';
import { windowWords as windowEn } from '../../preload/locales/en/window.ts';
import { problems as problemsZh } from '../../preload/locales/zh-CN/problems.ts';
import { shell as shellZh } from '../../preload/locales/zh-CN/shell.ts';
import { windowWords as windowZh } from '../../preload/locales/zh-CN/window.ts';
import { problemCodes } from '../../preload/problem-codes.ts';

type Words = { readonly [key: string]: string | Words };

/** Every text by its dotted key. */
function texts(words: Words, above = ''): Map<string, string> {
  return new Map(Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string' ? [[above + key, value] as const] : [...texts(value, `${above}${key}.`)]));
}

const placeholders = (text: string) => [...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map((match) => match[1]).sort();
const catalogues = [
  ['problems', texts(problemsEn), texts(problemsZh as Words)],
  ['window', texts(windowEn), texts(windowZh as Words)],
  ['shell', texts(shellEn), texts(shellZh as Words)],
] as const;

describe.each(catalogues)('the %s catalogue', (_, en, zh) => {
  test('has the same keys in both languages, but for the singular that Chinese does not have', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].filter((key) => !key.endsWith('_one')).sort());
  });

  test('fills the same values into both languages', () => {
    for (const [key, text] of zh) expect([key, placeholders(text)]).toEqual([key, placeholders(en.get(key) ?? '')]);
  });

  test('has no empty text and no exclamation mark', () => {
    for (const [key, text] of [...en, ...zh]) {
      expect(text.trim(), key).not.toBe('');
      expect(text, key).not.toMatch(/[!\uff01]/);
    }
  });

  test('sets Chinese in Chinese punctuation', () => {
    for (const [key, text] of zh) expect(text, key).not.toMatch(/\p{Script=Han}[,;:?!]|[,;:?!]\p{Script=Han}/u);
  });
});

test('every problem says what happened and what to do, in both languages, and no other problem is described', () => {
  expect(Object.keys(problemsEn).sort()).toEqual([...problemCodes].sort());
  expect(Object.keys(problemsZh).sort()).toEqual([...problemCodes].sort());
  for (const code of problemCodes) {
    for (const { what, todo } of [problemsEn[code], problemsZh[code]]) expect([what, todo].every((text) => /[.\u3002]$/.test(text)), code).toBe(true);
  }
});

test('a problem only uses the params its code is documented to have', () => {
  const documented = new Map<string, string[]>();
  const source = readFileSync(join(import.meta.dirname, '../../preload/problem-codes.ts'), 'utf8');
  const named = source.slice(source.indexOf('// What was dropped'), source.indexOf('// COS\n'));
  for (const [, code = '', params] of source.matchAll(/'([a-z-]+)'(?: \/\* ([\w, ]+) \*\/)?/g)) {
    documented.set(code, params?.split(', ') ?? (named.includes(`'${code}'`) ? ['name'] : []));
  }
  for (const code of problemCodes) {
    const used = [problemsEn[code].what, problemsEn[code].todo].flatMap(placeholders);
    expect(documented.get(code), code).toEqual(expect.arrayContaining([...new Set(used)]));
  }
});

test('the window uses every word there is for it', () => {
  const folder = join(import.meta.dirname, '../../renderer');
  const code = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:svelte|ts)$/.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  const unused = [...texts(windowEn).keys()].filter((key) => {
    const name = key.replace(/_(?:one|other)$/, '');
    const above = name.slice(0, name.lastIndexOf('.') + 1);
    return !code.includes(`'${name}'`) && !code.includes(`\`${above}\${`);
  });
  expect(unused).toEqual([]);
});
