import { expect, test } from 'vitest';
import { createTranslator } from '../../preload/locales/translator.ts';

test('the pseudo-language is longer, in brackets, and fills in what there is to fill in', () => {
  const [en, pseudo] = [createTranslator('en'), createTranslator('en-XA')];
  const plain = en('account.button', { name: 'Studio' });
  const long = pseudo('account.button', { name: 'Studio' });
  expect(long).toMatch(/^\[.*Studio.*\]$/);
  expect(pseudo('settings.pages.general').length).toBeGreaterThanOrEqual(en('settings.pages.general').length * 1.4);
  expect(long).not.toContain(plain);
});

test('it has its plurals too', () => {
  const pseudo = createTranslator('en-XA');
  expect(pseudo('history.found', { count: 1 })).toMatch(/1 ûþļöåð /);
  expect(pseudo('history.found', { count: 2 })).toContain('2 ûþļöåðš');
});
