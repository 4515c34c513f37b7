import { describe, expect, it } from 'vitest';
import { taskbarProgress } from '../../main/app/taskbar-progress.ts';
import type { Totals, WaitingDrop } from '../../preload/contract.ts';

const totals: Totals = { unfinished: 2, done: 0, failed: 0, paused: 0, fraction: 0.25, bytesPerSecond: 0, secondsLeft: null };
const nothing = { pendingDrop: null, waitingDrops: [] };
const card: WaitingDrop = {
  id: 'w1', names: ['Game'], count: 1, kind: 'folder', accountId: 'a1', accountLabel: 'Team', preflight: { kind: 'looking', found: 0 },
  destination: { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null },
};
const question = { id: 'd1', accountId: 'a1', names: ['Game'], needs: 'application-id', problem: null } as const;

describe('the taskbar', () => {
  it('shows the total while uploads run', () => {
    expect(taskbarProgress(totals, nothing)).toEqual({ fraction: 0.25, mode: 'normal' });
  });

  it('turns red while uploads run and one has failed', () => {
    expect(taskbarProgress({ ...totals, failed: 1 }, nothing)).toEqual({ fraction: 0.25, mode: 'error' });
  });

  it('turns yellow while a question waits, even with nothing under way', () => {
    expect(taskbarProgress(totals, { ...nothing, pendingDrop: question })).toEqual({ fraction: 0.25, mode: 'paused' });
    expect(taskbarProgress({ ...totals, unfinished: 0, fraction: null }, { ...nothing, pendingDrop: question })).toEqual({ fraction: 1, mode: 'paused' });
  });

  it('turns yellow while a card waits to be started', () => {
    expect(taskbarProgress(totals, { ...nothing, waitingDrops: [card] }).mode).toBe('paused');
    expect(taskbarProgress({ ...totals, unfinished: 0, fraction: null }, { ...nothing, waitingDrops: [card] })).toEqual({ fraction: 1, mode: 'paused' });
  });

  it('moves without a number while the total is unknown', () => {
    expect(taskbarProgress({ ...totals, fraction: null }, nothing).mode).toBe('indeterminate');
  });

  it('is clear once nothing is unfinished, whatever failed', () => {
    expect(taskbarProgress({ ...totals, unfinished: 0, failed: 3, fraction: null }, nothing)).toEqual({ fraction: -1, mode: 'none' });
  });
});
