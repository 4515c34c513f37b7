import { Notification } from 'electron';
import type { Notice } from './notices.ts';

/** Shows notices outside the window. */
export interface Notifier {
  show(notice: Notice): void;
}

/**
 * Shows them as the system's notifications, where it has any; a click is `onClick`. `record` hears
 * of each one, shown or not.
 */
export function createNotifier(onClick: () => void, record?: (notice: Notice) => void): Notifier {
  // Held here, or the garbage collector takes a shown one and its click with it.
  const shown = new Set<Notification>();
  return {
    show(notice) {
      record?.(notice);
      if (!Notification.isSupported()) return;
      const notification = new Notification({ title: notice.title, body: notice.body });
      const forget = (): void => void shown.delete(notification);
      notification.on('click', () => {
        forget();
        onClick();
      });
      notification.on('close', forget);
      notification.on('failed', forget);
      shown.add(notification);
      notification.show();
    },
  };
}
