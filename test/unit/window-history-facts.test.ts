import { expect, test } from 'vitest';
import type { HistoryEntry } from '../../preload/contract.ts';
import { historyFacts } from '../../renderer/state/history-facts.ts';
import { Words } from '../../renderer/state/words.svelte.ts';

const entry: HistoryEntry = {
  id: 'e', finishedAtMs: 0, outcome: 'done', name: 'Game.zip', paths: ['/builds/Game.zip'], service: 'car', accountId: 'a', accountLabel: 'Team', applicationId: 'app-1',
  bucket: '', cosRegion: '', region: '', key: '', size: null, crc64: '', etag: '', requestId: '', durationMs: null, sentBytes: 0, problem: null,
};
const took = (durationMs: number | null, language: 'en' | 'zh-CN' = 'en') => {
  const words = new Words(() => language);
  return historyFacts({ ...entry, durationMs }, words).find(({ name }) => name === words.t('history.took'));
};

test('an upload that took less than a second did not take 0', () => {
  expect([took(80)?.value, took(80, 'zh-CN')?.value, took(1400)?.value]).toEqual(['under 1 sec', '不到 1 秒', '1 sec']);
});

test('what is copied of a duration is exact, and one that is not known is left out', () => {
  expect([took(80)?.copy, took(null)]).toEqual(['0.08', undefined]);
});
