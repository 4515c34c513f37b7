import type { PowerSaveBlocker } from 'electron';
import type { Ferry } from '../uploads/ferry.ts';

/** The computer does not go to sleep while something is being uploaded; its screen may. */
export function keepAwake(ferry: Pick<Ferry, 'subscribe' | 'totals'>, powerSaveBlocker: Pick<PowerSaveBlocker, 'start' | 'stop'>): void {
  let blocker: number | null = null;
  const follow = (): void => {
    const busy = ferry.totals().unfinished > 0;
    if (busy && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (!busy && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  };
  ferry.subscribe('uploads', follow);
  follow();
}
