import type { BrowserWindow } from 'electron';
import type { AppState, Totals } from '../../preload/contract.ts';

/** As `BrowserWindow.setProgressBar` takes it: -1 removes the bar, 2 is indeterminate. */
export interface TaskbarProgress {
  readonly fraction: number;
  readonly mode: 'none' | 'normal' | 'indeterminate' | 'error' | 'paused';
}

/** What the taskbar or dock icon shows: the total; red once one of several failed; yellow while a drop waits for the person. */
export function taskbarProgress(totals: Totals, { pendingDrop, waitingDrops }: Pick<AppState, 'pendingDrop' | 'waitingDrops'>): TaskbarProgress {
  const waits = pendingDrop !== null || waitingDrops.length > 0;
  if (totals.unfinished === 0) return waits ? { fraction: 1, mode: 'paused' } : { fraction: -1, mode: 'none' };
  if (totals.fraction === null) return { fraction: 2, mode: 'indeterminate' };
  if (totals.failed > 0) return { fraction: totals.fraction, mode: 'error' };
  return { fraction: totals.fraction, mode: waits ? 'paused' : 'normal' };
}

/** Shows it on a window that is still there. */
export function showTaskbarProgress(window: BrowserWindow | null, progress: TaskbarProgress): void {
  if (window === null || window.isDestroyed()) return;
  window.setProgressBar(progress.fraction, { mode: progress.mode });
}
