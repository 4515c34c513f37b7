import type { WebContents } from 'electron';
import { eventChannel, eventNames } from '../../preload/contract.ts';
import type { Crossing, Events, UploadsDelta, UploadsPiece } from '../../preload/contract.ts';
import type { Ferry } from '../uploads/ferry.ts';
import { inPieces, Paced } from './in-pieces.ts';
import type { Tap } from './tap.ts';

/** Tells the window what main tells unasked. */
export interface EventSender {
  send<E extends keyof Events>(event: E, payload: Events[E]): void;
  /** Sends what is on its way: what is answered next comes after all that was told before. */
  flush(): void;
}

/**
 * Forwards the engine's events to the window while it is alive. What it misses before its page is
 * there it gets from `getState`.
 */
export function sendEvents(ferry: Pick<Ferry, 'subscribe'>, window: () => WebContents | null, tap?: Tap): EventSender {
  const living = (): WebContents | null => {
    const contents = window();
    return contents === null || contents.isDestroyed() || contents.isCrashed() ? null : contents;
  };
  const deliver = <E extends keyof Events>(event: E, payload: Crossing<E>): void => living()?.send(eventChannel(event), payload);
  const pieces = new Paced<UploadsPiece>((piece) => deliver('uploads', JSON.stringify(piece)));
  const send: EventSender['send'] = (event, payload) => {
    if (living() !== null) tap?.('to-window', eventChannel(event), payload);
    // TypeScript does not narrow what E stands for.
    if (event === 'uploads') pieces.add(inPieces(payload as UploadsDelta));
    else deliver(event, payload as Crossing<typeof event>);
  };
  for (const name of eventNames) if (name !== 'command') ferry.subscribe(name, (payload) => send(name, payload));
  return { send, flush: () => { pieces.flush(); } };
}
