import { createInstance, type TFunction } from 'i18next';
import type { Language } from '../contract.ts';
import { problems as problemsEn } from './en/problems.ts';
import { shell as shellEn } from './en/shell.ts';
import { windowWords as windowEn } from './en/window.ts';
import { pseudoWords } from './pseudo.ts';
import { problems as problemsZh } from './zh-CN/problems.ts';
import { shell as shellZh } from './zh-CN/shell.ts';
import { windowWords as windowZh } from './zh-CN/window.ts';
import { visibleText } from './visible-text.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'window';
    resources: { window: typeof windowEn; problems: typeof problemsEn; shell: typeof shellEn };
  }
}

const namespaces = ['window', 'problems', 'shell'] as const;

/** Looks words up: `t('actions.retry')` in the window's, `t('shell:…')` and `t('problems:…')` in the others. */
export type Translator = TFunction<typeof namespaces>;

/** A translator that is ready at once; every language is inside the app, none is loaded. */
export function createTranslator(language: Language): Translator {
  const i18n = createInstance();
  void i18n.init({
    lng: language,
    fallbackLng: 'en',
    ns: [...namespaces],
    defaultNS: 'window',
    initAsync: false,
    // Nothing here becomes HTML; what is put into the words is only kept from disguising itself.
    interpolation: { escapeValue: true, escape: visibleText },
    resources: {
      en: { window: windowEn, problems: problemsEn, shell: shellEn },
      'zh-CN': { window: windowZh, problems: problemsZh, shell: shellZh },
      ...(language === 'en-XA' ? { 'en-XA': pseudoWords({ window: windowEn, problems: problemsEn, shell: shellEn }) } : {}),
    },
  });
  // Its many signatures come down to this one, which the compiler cannot see.
  const look = i18n.getFixedT(null, namespaces) as unknown as (key: string, ...more: unknown[]) => string;
  // Most words have nothing put into them, and a row that changes looks up a dozen: i18next takes long to find them again.
  const plain = new Map<string, string>();
  const remembering: typeof look = (key, ...more) => {
    if (more.length > 0) return look(key, ...more);
    let text = plain.get(key);
    if (text === undefined) {
      text = look(key);
      plain.set(key, text);
    }
    return text;
  };
  return remembering as unknown as Translator;
}
