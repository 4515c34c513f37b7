import { describe, expect, it } from 'vitest';
import { quitQuestion } from '../../main/app/quit-question.ts';
import { wordsIn } from '../../main/app/words.ts';

describe('the question before quitting', () => {
  it('counts what is unfinished', () => {
    expect(quitQuestion(1, true, wordsIn('en')).message).toBe('One upload is not finished. Quit anyway?');
    expect(quitQuestion(1_200, true, wordsIn('en')).message).toBe('1,200 uploads are not finished. Quit anyway?');
    expect(quitQuestion(3, true, wordsIn('zh-CN')).message).toContain('3');
  });

  it.each(['en', 'zh-CN'] as const)('says in %s whether they go on by themselves the next time', (language) => {
    const [alone, byHand] = [true, false].map((resumes) => quitQuestion(2, resumes, wordsIn(language)).detail);
    expect(alone).toMatch(/they resume|时继续/);
    expect(byHand).toMatch(/you can resume|手动继续/);
  });
});
