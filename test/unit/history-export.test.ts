import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { historyAsCsv, historyAsJson } from '../../main/history/export-history.ts';
import type { HistoryEntry } from '../../preload/contract.ts';

const entry: HistoryEntry = {
  id: 'u1', finishedAtMs: Date.UTC(2026, 0, 2, 3, 4, 5), outcome: 'done', name: '游戏, "beta".zip', paths: ['/builds/a', '/builds/b'], service: 'car',
  accountId: 'a-1', accountLabel: 'Studio', applicationId: 'app-1', bucket: 'b-1', cosRegion: '', region: 'ap-guangzhou', key: 'k', size: 12, crc64: '18446744073709551615', etag: '"e-2"',
  requestId: 'r-1', durationMs: 1500, sentBytes: 12, problem: null,
};

/** As Python's own reader takes it apart. */
function read(csv: string): string[][] {
  const script = 'import csv,json,sys,io; print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode("utf-8-sig"), newline="")))))';
  return JSON.parse(execFileSync('python3', ['-c', script], { input: csv, encoding: 'utf8' })) as string[][];
}

const hasPython = (() => {
  try { execFileSync('python3', ['--version'], { stdio: 'ignore' }); return true; } catch { return false; }
})();

test.skipIf(!hasPython)('CSV comes out of another program\'s reader as it went in', () => {
  const [head, row] = read(historyAsCsv([entry]));
  const cells = Object.fromEntries(head!.map((name, index) => [name, row![index]]));
  expect(cells).toMatchObject({
    finishedAt: '2026-01-02T03:04:05.000Z', outcome: 'done', name: '游戏, "beta".zip', paths: '/builds/a\n/builds/b', crc64: '\'18446744073709551615', etag: '"e-2"', size: '12', problem: '',
  });
});

test('CSV begins with the mark that Excel needs, and its lines end as RFC 4180 has it', () => {
  const csv = historyAsCsv([{ ...entry, name: 'a.zip', paths: ['/a'] }]);
  expect(csv.charCodeAt(0)).toBe(0xfeff);
  expect(csv.split('\r\n')).toHaveLength(3);
  expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

test.each(['=cmd|x', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '＝1'])('a name that a spreadsheet would run (%j) is text', (name) => {
  expect(historyAsCsv([{ ...entry, name }]).split('\r\n')[1]).toContain(`,'${name}`);
});

test('JSON has every field and the time in words', () => {
  const { id: _id, accountId: _accountId, ...kept } = entry;
  expect(JSON.parse(historyAsJson([entry]))).toEqual([{ finishedAt: '2026-01-02T03:04:05.000Z', ...kept }]);
});
