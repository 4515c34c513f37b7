import type { Menu } from 'electron';
import type { Tap } from '../ipc/tap.ts';
import type { Notice } from './notices.ts';

/** What an end-to-end test sees and drives that the desktop itself gives no access to. */
export interface TestHandle {
  /** `trayMenu().getMenuItemById('refetch-credentials').click()`; the ids are in tray-menu.ts. */
  trayMenu(): Menu;
  trayTooltip(): string;
  /** Every notification so far. */
  readonly notices: readonly Notice[];
  /** Every message between the window and main so far. */
  readonly messages: readonly Message[];
}

interface Message {
  readonly direction: Parameters<Tap>[0];
  readonly channel: string;
  readonly payload: unknown;
}

/** Records for the handle, and puts it on `globalThis.cosFerry`. Only made under `COS_FERRY_TEST=1`. */
export interface TestRecorder {
  readonly tap: Tap;
  readonly recordNotice: (notice: Notice) => void;
  expose(tray: Pick<TestHandle, 'trayMenu' | 'trayTooltip'>): void;
}

/** Nothing is recorded before this is called. */
export function createTestRecorder(): TestRecorder {
  const notices: Notice[] = [];
  const messages: Message[] = [];
  return {
    tap: (direction, channel, payload) => messages.push({ direction, channel, payload }),
    recordNotice: (notice) => notices.push(notice),
    expose: (tray) => Object.assign(globalThis, { cosFerry: { ...tray, notices, messages } satisfies TestHandle }),
  };
}
