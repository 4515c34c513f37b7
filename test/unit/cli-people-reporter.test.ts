import { expect, test } from 'vitest';
import { PeopleReporter } from '../../main/cli/people-reporter.ts';
import { cliWords } from '../../main/cli/words.ts';

const totals = { unfinished: 3, done: 2, failed: 0, paused: 0, fraction: 0.5, bytesPerSecond: 12_300_000, secondsLeft: 65 };

function reporter(columns: number | null, language: 'en' | 'zh-CN' = 'en') {
  const written: { out: string; err: string } = { out: '', err: '' };
  const made = new PeopleReporter({
    out: (text) => { written.out += text; },
    err: (text) => { written.err += text; },
    columns: () => columns, words: cliWords[language], language,
    problem: ({ code }) => ({ what: `what ${code}.`, todo: 'todo.' }),
  });
  return { made, written };
}

test('on a terminal it shows one bar with the share, the speed, the time left and the count', () => {
  const { made, written } = reporter(80);
  made.progress(totals);
  expect(written.err).toBe(`\r\u001b[K${'█'.repeat(12)}${'░'.repeat(12)}  50%  12.3 MB/s  1 min left  2 of 5`);
  expect(written.out).toBe('');
});

test('the bar never breaks the line, and is in the person\'s language', () => {
  const { made, written } = reporter(40, 'zh-CN');
  made.progress(totals);
  expect(written.err.replace('\r\u001b[K', '').length).toBeLessThan(40);
  expect(written.err).toContain('50%');
});

test('without a terminal there is no bar', () => {
  const { made, written } = reporter(null);
  made.progress(totals);
  expect(written.err).toBe('');
});

test('what a store\'s certificate says cannot steer the terminal', () => {
  const { made, written } = reporter(80);
  made.tell({ event: 'failed', id: '1', name: 'a.apk', problem: { code: 'store-not-trusted', params: {}, detail: 'not of \u001b[2Kcos\r\n\u202egood' } });
  expect(written.err).toContain('\n  not of \ufffd[2Kcos\ufffd\ufffd\ufffdgood\n');
});

test('a failure erases the bar and tells what happened, what to do, the code and the RequestId', () => {
  const { made, written } = reporter(80);
  made.progress(totals);
  written.err = '';
  made.tell({ event: 'failed', id: '1', name: 'a.apk', problem: { code: 'store-access-denied', params: {}, serviceCode: 'AccessDenied', requestId: 'R1' } });
  expect(written.err).toBe('\r\u001b[Ka.apk: what store-access-denied. todo.\n  AccessDenied, RequestId R1\n');
});
