import { describe, expect, it } from 'vitest';
import { systemLanguage } from '../../main/app/system-language.ts';

describe('the system language', () => {
  it.each(['zh-CN', 'zh', 'zh-Hans', 'zh-Hans-CN', 'zh-SG', 'zh_CN.UTF-8'])('speaks simplified Chinese for %s', (tag) => {
    expect(systemLanguage([tag])).toBe('zh-CN');
  });

  it.each(['en-GB', 'de-DE', 'zh-TW', 'zh-Hant-HK', 'C', 'not a tag', ''])('speaks English for %j', (tag) => {
    expect(systemLanguage([tag])).toBe('en');
  });

  it('takes the first preferred language it knows, not the first of all', () => {
    expect(systemLanguage(['de-DE', 'zh-CN', 'en-US'])).toBe('zh-CN');
    expect(systemLanguage(['de-DE', 'en-US', 'zh-CN'])).toBe('en');
  });

  it('speaks English where the system prefers nothing', () => {
    expect(systemLanguage([])).toBe('en');
  });
});
