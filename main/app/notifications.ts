import { Notification } from 'electron';
import type { Notice } from './notices.ts';

/** Shows notices outside the window. */
export interface Notifier {
  show(notice: Notice): void;
}

interface NotifierOptions {
  /** The person wants to be told at all. */
  readonly isOn: () => boolean;
  readonly onClick: () => void;
  /** Hears of each one, whether the system shows it or not. */
  readonly record?: ((notice: Notice) => void) | undefined;
}

/** Shows them as the system's notifications, where it has any. */
export function createNotifier({ isOn, onClick, record }: NotifierOptions): Notifier {
  // Held here, or the garbage collector takes a shown one and its click with it.
  const shown = new Set<Notification>();
  return {
    show(notice) {
      if (!isOn()) return;
      record?.(notice);
      if (!Notification.isSupported()) return;
      const actions = notice.actions ?? [];
      const notification = new Notification({
        title: notice.title,
        body: notice.body,
        // Left out by the systems that have none.
        actions: actions.map(({ label }) => ({ type: 'button', text: label })),
      });
      const forget = (): void => void shown.delete(notification);
      notification.on('click', () => {
        forget();
        onClick();
      });
      notification.on('action', (...args: unknown[]) => {
        forget();
        actions[actionIndex(args)]?.run();
      });
      notification.on('close', forget);
      notification.on('failed', forget);
      shown.add(notification);
      notification.show();
    },
  };
}

/** Electron 33 gives the index beside the event, 45 in it as well. */
function actionIndex([event, index]: readonly unknown[]): number {
  if (typeof index === 'number') return index;
  const own: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, 'actionIndex') : null;
  return typeof own === 'number' ? own : 0;
}
