import { expect, test } from 'vitest';
import { createTranslator } from '../../preload/locales/translator.ts';
import { problemText } from '../../preload/locales/problem-text.ts';
import { visibleText } from '../../preload/locales/visible-text.ts';

test('what turns the direction, hides or breaks the line is shown as such', () => {
  expect(visibleText('photo\u202egpj.exe')).toBe('photo�gpj.exe');
  expect(visibleText('a\u2066b\u2069\u200f\n\t\u001b[31m\u0085')).toBe('a�b�����[31m�');
});

test('names of any script and emoji stay as they are', () => {
  for (const name of ['包 裹 📦.zip', '👩‍👩‍👧 família.apk', 'ملف.zip', 'a&b<c>.txt', '$t(problems:unexpected.what)', '{{name}}']) expect(visibleText(name)).toBe(name);
});

test.each(['en', 'zh-CN'] as const)('a name cannot disguise itself in a sentence, nor ask for other words (%s)', (language) => {
  const t = createTranslator(language);
  const said = (name: string): string => problemText(t, { code: 'source-missing', params: { name } }).what;
  expect(said('photo\u202egpj.exe')).toContain('photo�gpj.exe');
  expect(said('a&b<i>.txt')).toContain('a&b<i>.txt');
  expect(said('$t(problems:unexpected.what)')).toContain('$t(problems:unexpected.what)');
});
