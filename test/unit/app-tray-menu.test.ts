import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { trayMenuTemplate, trayPicture, trayTooltip } from '../../main/app/tray-menu.ts';
import type { TrayState } from '../../main/app/tray-menu.ts';
import { wordsIn } from '../../main/app/words.ts';
import { noTotals } from './app-upload-views.ts';

const en = wordsIn('en');
const zh = wordsIn('zh-CN');
const idle: TrayState = { rows: [], totals: noTotals, credential: 'none', update: null };
const busy: TrayState = {
  rows: [
    { name: 'Game.zip', phase: 'uploading', fraction: 0.438 },
    { name: 'assets', phase: 'waiting', fraction: 0 },
    { name: 'old', phase: 'cancelling', fraction: 0.1 },
  ],
  totals: { ...noTotals, unfinished: 40, fraction: 0.43 },
  credential: 'ready',
  update: null,
};

const done: string[] = [];
const actions = {
  open: () => done.push('open'),
  pauseAll: () => done.push('pause all'),
  resumeAll: () => done.push('resume all'),
  refetch: () => done.push('refetch'),
  update: () => done.push('update'),
  quit: () => done.push('quit'),
};
const menu = (state: TrayState, words = en): MenuItemConstructorOptions[] => trayMenuTemplate(state, words, actions);
const labels = (state: TrayState, words = en): string[] => menu(state, words).flatMap((item) => item.label ?? []);
/** Intl puts a no-break space before % in some languages. */
const plain = (text: string): string => text.replaceAll(/[\u00a0\u202f]/g, ' ').replace(' %', '%');

describe('the tray menu', () => {
  it('says in English what is under way', () => {
    expect(labels(busy).map(plain)).toEqual([
      'Open COS Ferry', 'Game.zip – 43%', 'assets – waiting', 'old – cancelling', 'Pause all', 'Re-fetch credentials', 'Quit COS Ferry',
    ]);
  });

  it('says it in Chinese', () => {
    expect(labels(busy, zh).map(plain)).toEqual([
      '打开 COS Ferry', 'Game.zip – 43%', 'assets – 等待中', 'old – 正在取消', '全部暂停', '重新获取临时密钥', '退出 COS Ferry',
    ]);
  });

  it('says so when nothing is under way, in an item that does nothing', () => {
    expect(menu(idle).find((item) => item.label === 'Nothing is uploading')?.enabled).toBe(false);
    expect(labels(idle, zh)).toContain('没有正在上传的内容');
  });

  it('names eight and counts the rest', () => {
    const rows = Array.from({ length: 11 }, (_, at) => ({ name: `build ${at + 1}`, phase: 'waiting', fraction: 0 }) as const);
    const shown = labels({ ...busy, rows }).filter((label) => label.startsWith('build'));
    expect(shown).toHaveLength(8);
    expect(labels({ ...busy, rows })).toContain('and 3 more');
    expect(labels({ ...busy, rows }, zh)).toContain('还有 3 项');
    expect(labels({ ...busy, rows: rows.slice(0, 8) }).join()).not.toContain('more');
  });

  it('shows names as they are: with &, braces and markup, on one line, the ending of a long one kept', () => {
    const named = (name: string): string => labels({ ...busy, rows: [{ name, phase: 'waiting', fraction: 0 }] })[1] ?? '';
    expect(named('R&D <b>.zip')).toBe('R&&D <b>.zip – waiting');
    expect(named('{{percent}} $t(x).zip')).toBe('{{percent}} $t(x).zip – waiting');
    expect(named('two\nlines')).toBe('two lines – waiting');
    expect(named(`${'很长'.repeat(40)}.tar.gz`)).toMatch(/^很长.+….+\.tar\.gz – waiting$/);
    expect(named('📦'.repeat(100))).toMatch(/^(📦)+…(📦)+ – waiting$/u);
  });

  it('does what its items say, found by their ids', () => {
    done.length = 0;
    for (const id of ['open', 'refetch-credentials', 'quit', 'upload-0']) {
      const item = menu(busy).find((each) => each.id === id);
      (item?.click as (() => void) | undefined)?.();
    }
    expect(done).toEqual(['open', 'refetch', 'quit', 'open']);
  });

  it('pauses what goes on and resumes what is paused', () => {
    const paused = { name: 'later', phase: 'paused', fraction: 0 } as const;
    expect(labels({ ...busy, rows: [paused] })).toEqual(expect.not.arrayContaining(['Pause all']));
    done.length = 0;
    for (const id of ['pause-all', 'resume-all']) (menu({ ...busy, rows: [...busy.rows, paused] }).find((each) => each.id === id)?.click as () => void)();
    expect(done).toEqual(['pause all', 'resume all']);
    expect(labels(idle).filter((label) => label.endsWith('all'))).toEqual([]);
  });

  it('does not fetch a credential twice at once', () => {
    const item = menu({ ...busy, credential: 'fetching' }).find((each) => each.id === 'refetch-credentials');
    expect(item).toMatchObject({ label: 'Re-fetching credentials…', enabled: false });
    expect(menu(busy).find((each) => each.id === 'refetch-credentials')?.enabled).toBe(true);
  });
});

describe('the tray icon', () => {
  it('says how many are under way and how far they are', () => {
    expect(plain(trayTooltip(busy, en))).toBe('COS Ferry – 3 uploading, 43%');
    expect(plain(trayTooltip(busy, zh))).toBe('COS Ferry – 正在上传 3 项，43%');
    expect(trayPicture(busy)).toBe('active');
  });

  it('says that something failed once nothing is under way any more', () => {
    const failed = { ...idle, totals: { ...noTotals, failed: 2 } };
    expect(trayTooltip(failed, en)).toBe('COS Ferry – 2 failed');
    expect(trayTooltip(failed, zh)).toBe('COS Ferry – 2 项失败');
    expect(trayPicture(failed)).toBe('failed');
    expect(trayPicture({ ...failed, rows: busy.rows })).toBe('active');
  });

  it('says so when everything that is left is paused', () => {
    const paused: TrayState = { ...idle, rows: [{ name: 'a', phase: 'paused', fraction: 0.5 }] };
    expect(trayPicture(paused)).toBe('paused');
    expect(trayTooltip(paused, en)).toBe('COS Ferry – 1 paused');
    expect(trayTooltip(paused, zh)).toBe('COS Ferry – 1 项已暂停');
    expect(trayPicture({ ...busy, rows: [...busy.rows, ...paused.rows] })).toBe('active');
  });

  it('is just the app while there is nothing to say', () => {
    expect(trayTooltip(idle, en)).toBe('COS Ferry');
    expect(trayPicture(idle)).toBe('idle');
  });

  it('says how an update stands, where the app updates itself', () => {
    const label = (update: TrayState['update']) => menu({ ...idle, update }).find(({ id }) => id === 'update');
    expect(label(null)).toBeUndefined();
    expect(label({ kind: 'idle' })).toMatchObject({ label: 'Check for updates…', enabled: true });
    expect(label({ kind: 'available', version: '2.0.0' })).toMatchObject({ label: 'Install version 2.0.0…', enabled: true });
    expect(label({ kind: 'downloading', version: '2.0.0' })).toMatchObject({ label: 'Downloading version 2.0.0…', enabled: false });
    expect(label({ kind: 'ready', version: '2.0.0' })).toMatchObject({ label: 'Version 2.0.0 is installed when you quit', enabled: true });
  });
});
