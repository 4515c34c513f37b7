/** Sees every message between the window and main; only the end-to-end tests listen. */
export type Tap = (direction: 'to-main' | 'to-window', channel: string, payload: unknown) => void;
