import { expect, test } from 'vitest';
import { problemText } from '../../preload/locales/problem-text.ts';
import { createTranslator } from '../../preload/locales/translator.ts';

test('words come in the language asked for, at once', () => {
  expect(createTranslator('en')('actions.retry')).toBe('Retry');
  expect(createTranslator('zh-CN')('actions.retry')).toBe('\u91cd\u8bd5');
});

test('two translators do not get in each other\u2019s way', () => {
  const en = createTranslator('en');
  createTranslator('zh-CN');
  expect(en('actions.retry')).toBe('Retry');
});

test('plurals follow the rules of the language, and counts its separators', () => {
  const en = createTranslator('en');
  const zh = createTranslator('zh-CN');
  expect([1, 2, 5000].map((count) => en('list.files', { count }))).toEqual(['1 file', '2 files', '5,000 files']);
  expect(zh('list.files', { count: 1 })).toBe('1 \u4e2a\u6587\u4ef6');
});

test('names are shown as they are, whatever they contain', () => {
  const t = createTranslator('en');
  expect(t('actions.retryNamed', { name: '<b>&"{{x}} $t(actions.close)' })).toBe('Retry <b>&"{{x}} $t(actions.close)');
});

test('a problem is put into words with its params', () => {
  const text = problemText(createTranslator('en'), { code: 'application-unknown', params: { applicationId: 'app-1' } });
  expect(text.what).toBe('There is no application \u201capp-1\u201d in this account.');
  expect(text.todo).toContain('console');
});

test('the braces of a COS domain template stay', () => {
  expect(problemText(createTranslator('zh-CN'), { code: 'cos-domain-invalid', params: { value: 'x' } }).todo).toContain('{Bucket}');
});
