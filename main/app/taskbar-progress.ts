import type { BrowserWindow } from 'electron';
import type { AppState, Totals } from '../../preload/contract.ts';

/** As `BrowserWindow.setProgressBar` takes it: -1 removes the bar, 2 is indeterminate. */
export interface TaskbarProgress {
  readonly fraction: number;
  readonly mode: 'none' | 'normal' | 'indeterminate' | 'error' | 'paused';
}

/** What the taskbar or dock icon shows: the total; red once one of several failed; yellow while a question waits. */
export function taskbarProgress(totals: Totals, pendingDrop: AppState['pendingDrop']): TaskbarProgress {
  if (totals.unfinished === 0) return pendingDrop === null ? { fraction: -1, mode: 'none' } : { fraction: 1, mode: 'paused' };
  if (totals.fraction === null) return { fraction: 2, mode: 'indeterminate' };
  if (totals.failed > 0) return { fraction: totals.fraction, mode: 'error' };
  return { fraction: totals.fraction, mode: pendingDrop === null ? 'normal' : 'paused' };
}

/** Shows it on a window that is still there. */
export function showTaskbarProgress(window: BrowserWindow | null, progress: TaskbarProgress): void {
  if (window === null || window.isDestroyed()) return;
  window.setProgressBar(progress.fraction, { mode: progress.mode });
}
