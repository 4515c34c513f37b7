import { afterEach, expect, test, vi } from 'vitest';
import type { AppState, PreflightFindings, PreflightWarning } from '../../preload/contract.ts';
import type { KnownPlaces } from '../../renderer/state/destination-text.ts';
import { findingPieces, warningText } from '../../renderer/state/preflight-text.ts';
import { Words } from '../../renderer/state/words.svelte.ts';

const en = new Words(() => 'en');
const zh = new Words(() => 'zh-CN');
const atMs = new Date(2026, 10, 21, 7, 19).getTime();
const before = (more: Partial<Extract<PreflightWarning, { kind: 'uploaded-before' }>> = {}): PreflightWarning => ({
  kind: 'uploaded-before', name: 'a.apk', count: 1, atMs, service: 'car', accountId: 'gone', accountLabel: 'Studio', applicationId: 'app-1', cosRegion: 'ap-guangzhou', ...more,
});
const known = { app: { accounts: [], recentDestinations: [] } as unknown as AppState, applications: { of: () => ({ phase: 'none', applications: [] }) } } as unknown as KnownPlaces;
const say = (warning: PreflightWarning, words = en) => warningText(warning, 'ms', known, words).replaceAll('\u202f', ' ');

afterEach(() => { vi.useRealTimers(); });

test('what was uploaded before says where to and when, with the date on another day', () => {
  vi.useFakeTimers({ now: new Date(2026, 10, 21, 20, 0) });
  expect(say(before())).toBe('\u201ca.apk\u201d was uploaded today at 7:19 AM to Cloud Application Rendering \u00b7 app-1 \u00b7 Studio, and has not changed since.');
  expect(say(before({ service: 'ms' }), zh)).toBe('\u201ca.apk\u201d今天 07:19 已上传到\u201c移动应用安全 \u00b7 ap-guangzhou \u00b7 Studio\u201d，之后没有改动。');
  vi.setSystemTime(new Date(2026, 10, 22, 1, 0));
  expect(say(before())).toContain('was uploaded on Nov 21, 2026 at 7:19 AM to');
  expect(say(before({ count: 3 }))).toMatch(/^3 of these were uploaded before .+ on Nov 21, 2026 at 7:19 AM/);
});

test.each(['unusual-kind', 'windows-name', 'windows-too-long', 'unreadable', 'sending'] as const)('one thing that is %s is told without \u201csuch as\u201d, several with their number', (kind) => {
  expect(say({ kind, name: 'con.txt', count: 1 }, zh)).toMatch(/^[^\u7b49\u4f8b1]*$/);
  expect(say({ kind, name: 'con.txt', count: 4 }, zh)).toContain('\u201ccon.txt\u201d等 4 ');
  expect(say({ kind, name: 'con.txt', count: 4 })).toContain('4');
  expect(say({ kind, name: 'con.txt', count: 1 })).not.toContain('1');
});

test('an archive says how many entries it has, or that nobody looked', () => {
  const findings: PreflightFindings = { files: 1, bytes: 9, packedAs: null, entries: 3, leftOut: [], leftOutCount: 0, estimate: null, keySeconds: null, warnings: [] };
  expect(findingPieces(findings, 'car', en)).toEqual(['1 file', '9 B', 'sent as it is, with 3 entries']);
  expect(findingPieces({ ...findings, entries: null }, 'car', en).at(-1)).toBe('sent as it is, without a look inside');
  expect(findingPieces(findings, 'ms', en)).toEqual(['1 file', '9 B']);
});
