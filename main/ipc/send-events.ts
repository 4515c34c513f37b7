import type { WebContents } from 'electron';
import { eventChannel } from '../../preload/contract.ts';
import type { Events } from '../../preload/contract.ts';
import type { Ferry, FerryEvents } from '../uploads/ferry.ts';
import type { Tap } from './tap.ts';

const eventNames = Object.keys({ app: 0, uploads: 0, problem: 0, history: 0 } satisfies Record<keyof FerryEvents, 0>) as readonly (keyof FerryEvents)[];

/** Tells the window what main tells unasked. */
export interface EventSender {
  send<E extends keyof Events>(event: E, payload: Events[E]): void;
}

/**
 * Forwards the engine's events to the window while it is alive. What it misses before its page is
 * there it gets from `getState`.
 */
export function sendEvents(ferry: Pick<Ferry, 'subscribe'>, window: () => WebContents | null, tap?: Tap): EventSender {
  const send: EventSender['send'] = (event, payload) => {
    const contents = window();
    if (contents === null || contents.isDestroyed() || contents.isCrashed()) return;
    const channel = eventChannel(event);
    tap?.('to-window', channel, payload);
    contents.send(channel, payload);
  };
  for (const name of eventNames) ferry.subscribe(name, (payload) => send(name, payload));
  return { send };
}
