import type { WebContents } from 'electron';
import { eventChannel, eventNames } from '../../preload/contract.ts';
import type { Crossing, Events } from '../../preload/contract.ts';
import type { Ferry } from '../uploads/ferry.ts';
import type { Tap } from './tap.ts';

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
    contents.send(channel, asCrossing(event, payload));
  };
  for (const name of eventNames) if (name !== 'command') ferry.subscribe(name, (payload) => send(name, payload));
  return { send };
}

function asCrossing<E extends keyof Events>(event: E, payload: Events[E]): Crossing<E> {
  // TypeScript does not narrow what E stands for.
  return (event === 'uploads' ? JSON.stringify(payload) : payload) as Crossing<E>;
}
