import { describe, expect, it } from 'vitest';
import { announceFinished } from '../../main/app/announce-finished.ts';
import type { FinishedSource } from '../../main/app/finished-sources.ts';
import { credentialNotice, finishedNotice, stillRunningNotice } from '../../main/app/notices.ts';
import type { Notice } from '../../main/app/notices.ts';
import { refetchCredential } from '../../main/app/refetch-credential.ts';
import { wordsIn } from '../../main/app/words.ts';
import { FerryError } from '../../main/ferry-error.ts';
import type { CredentialView, UploadsDelta } from '../../preload/contract.ts';
import { formatBytes, formatTime } from '../../preload/locales/formats.ts';
import { arrived, noTotals, source, upload } from './app-upload-views.ts';

const en = wordsIn('en');
const zh = wordsIn('zh-CN');
const game: FinishedSource = { name: 'Game.zip', done: 1, bytes: 1_200_000_000, failed: 0, failedIds: [], unreadId: null, problem: null };
const assets: FinishedSource = { name: 'assets', done: 4_812, bytes: 300_000_000, failed: 0, failedIds: [], unreadId: null, problem: null };
const lost: FinishedSource = { name: 'lost.bin', done: 0, bytes: 0, failed: 1, failedIds: ['u-lost'], unreadId: null, problem: { code: 'source-missing', params: { name: 'lost.bin' } } };
const credential: CredentialView = {
  service: 'ms', bucket: 'ms-shield-1258300000', region: 'ap-guangzhou', scope: { kind: 'prefix', value: 'p' },
  startsAtMs: 0, expiresAtMs: Date.UTC(2030, 0, 2, 14, 32), requestId: 'r-1',
};

describe('the notice of finished drops', () => {
  it('names a single one with its size', () => {
    expect(finishedNotice([game], en)).toEqual({ title: 'Game.zip has arrived', body: `${formatBytes(game.bytes, 'en')}, uploaded and verified.` });
    expect(finishedNotice([game], zh)?.title).toBe('“Game.zip”已上传');
  });

  it('counts the files of a folder', () => {
    expect(finishedNotice([assets], en)?.body).toBe(`4,812 files, ${formatBytes(assets.bytes, 'en')}, uploaded and verified.`);
    expect(finishedNotice([assets], zh)?.body).toContain('4,812 个文件');
  });

  it('is one for several that finished together, with three of their names', () => {
    const several = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...game, name }));
    const notice = finishedNotice(several, en);
    expect(notice?.title).toBe('5 uploads have arrived');
    expect(notice?.body).toContain('a, b, c and 2 more');
    expect(finishedNotice(several.slice(0, 2), en)?.body).toContain('a and b');
    expect(finishedNotice(several.slice(0, 2), zh)?.body).toContain('a和b');
  });

  it('says why a single one failed and what to do', () => {
    const { what, todo } = en.problem({ code: 'source-missing', params: { name: 'lost.bin' } });
    expect(finishedNotice([lost], en)).toEqual({ title: 'lost.bin was not uploaded', body: `${what} ${todo}` });
    expect(what).toContain('lost.bin');
  });

  it('counts the failed files of a folder', () => {
    expect(finishedNotice([{ ...assets, failed: 3, problem: lost.problem }], en)?.title).toBe('3 files of assets were not uploaded');
    expect(finishedNotice([{ ...assets, failed: 1, problem: lost.problem }], en)?.title).toBe('1 file of assets was not uploaded');
  });

  it('puts failures first where some arrived', () => {
    expect(finishedNotice([game, lost, assets], en)).toEqual({ title: '1 upload failed', body: 'lost.bin. 2 others have arrived.' });
    expect(finishedNotice([game, lost], zh)).toEqual({ title: '1 项上传失败', body: 'lost.bin。其余 1 项已上传。' });
  });

  it('shows names that look like placeholders or markup as they are', () => {
    expect(finishedNotice([{ ...game, name: '<i>{{size}}&.zip' }], en)?.title).toBe('<i>{{size}}&.zip has arrived');
  });

  it('is none for nothing', () => {
    expect(finishedNotice([], en)).toBeNull();
  });
});

describe('re-fetching the credential', () => {
  const errors: unknown[] = [];
  const log = { error: (...data: unknown[]) => void errors.push(data) };

  it('tells until when the new one is good', async () => {
    const shown: Notice[] = [];
    await refetchCredential({ refreshCredential: () => Promise.resolve(credential) }, { show: (notice) => shown.push(notice) }, () => en, log);
    const [notice] = shown;
    expect(notice).toEqual(credentialNotice(credential, en, Date.now()));
    expect(notice?.body).toContain(formatTime(credential.expiresAtMs, 'en', Date.now()));
    expect(notice?.body).toContain('ms-shield-1258300000');
  });

  it('tells why there is none, in the language of the moment', async () => {
    const shown: Notice[] = [];
    const fails = (): Promise<never> => Promise.reject(new FerryError({ code: 'secret-key-wrong' }));
    await refetchCredential({ refreshCredential: fails }, { show: (notice) => shown.push(notice) }, () => zh, log);
    const { what, todo } = zh.problem({ code: 'secret-key-wrong', params: {} });
    expect(shown).toEqual([{ title: '未能获取临时密钥', body: `${what}${todo}` }]);
    expect(errors).toEqual([]);
  });
});

describe('announcing', () => {
  const delta = (more: Partial<UploadsDelta>): UploadsDelta => ({
    sources: [], uploads: [], removedSourceIds: [], removedUploadIds: [], totals: noTotals, ...more,
  });

  function desk(before: UploadsDelta = delta({})) {
    const shown: Notice[] = [];
    const timers: (() => void)[] = [];
    let emit: (payload: UploadsDelta) => void = () => undefined;
    let watched = false;
    const done: unknown[] = [];
    announceFinished({
      ferry: {
        retryUploads: (ids) => { if (ids.length > 0) done.push(ids); },
        readAgain: (ids) => { if (ids.length > 0) done.push(['read again', ...ids]); },
        uploads: () => before,
        subscribe(_event, listener) {
          emit = listener as typeof emit;
          return () => undefined;
        },
      },
      notifier: { show: (notice) => shown.push(notice) },
      words: () => en,
      show: () => void done.push('show'),
      isWatched: () => watched,
      wait: (later) => timers.push(later),
    });
    return { shown, done, emit: (payload: UploadsDelta) => emit(payload), pass: () => timers.splice(0).forEach((later) => later()), watch: () => (watched = true) };
  }

  it('gathers what finishes within a moment into one notice', () => {
    const { shown, emit, pass } = desk();
    emit(delta({ sources: [source('s1', 'a')], uploads: [arrived('s1', 1)] }));
    emit(delta({ sources: [source('s2', 'b')], uploads: [arrived('s2', 1)] }));
    expect(shown).toEqual([]);
    pass();
    expect(shown.map(({ title }) => title)).toEqual(['2 uploads have arrived']);
    emit(delta({ sources: [source('s3', 'c')], uploads: [arrived('s3', 1, { name: 'c' })] }));
    pass();
    expect(shown.map(({ title }) => title)).toEqual(['2 uploads have arrived', 'c has arrived']);
  });

  it('offers to read a folder again that could not be read', () => {
    const { shown, done, emit, pass } = desk();
    emit(delta({ sources: [source('s1', 'Build', { kind: 'folder', phase: 'failed', problem: { code: 'source-unreadable', params: { name: 'Build' } } })] }));
    pass();
    expect(shown[0]?.actions?.map(({ label }) => label)).toEqual(['Retry', 'Show']);
    shown[0]?.actions?.[0]?.run();
    expect(done).toEqual([['read again', 's1']]);
  });

  it('offers to retry what failed, and only that', () => {
    const { shown, done, emit, pass } = desk();
    const failed = upload('s1', 'failed', { problem: { code: 'source-missing', params: { name: 'a' } } });
    emit(delta({ sources: [source('s1', 'a')], uploads: [failed] }));
    pass();
    expect(shown[0]?.actions?.map(({ label }) => label)).toEqual(['Retry', 'Show']);
    for (const action of shown[0]?.actions ?? []) action.run();
    expect(done).toEqual([[failed.id], 'show']);
    emit(delta({ sources: [source('s2', 'b')], uploads: [arrived('s2', 1)] }));
    pass();
    expect(shown[1]?.actions?.map(({ label }) => label)).toEqual(['Show']);
  });

  it('keeps quiet about what had finished before', () => {
    const before = delta({ sources: [source('s1', 'a')], uploads: [upload('s1', 'failed')] });
    const { shown, emit, pass } = desk(before);
    emit(before);
    pass();
    expect(shown).toEqual([]);
  });

  it('says nothing while the person looks at the window', () => {
    const { shown, emit, pass, watch } = desk();
    watch();
    emit(delta({ sources: [source('s1', 'a')], uploads: [arrived('s1', 1)] }));
    pass();
    expect(shown).toEqual([]);
  });
});

it('says where the app went in the words of the system', () => {
  expect(stillRunningNotice(en, 'darwin').body).toContain('menu bar');
  expect(stillRunningNotice(en, 'linux').body).toContain('tray');
  expect(stillRunningNotice(zh, 'win32').body).toContain('托盘');
});
