import type { Bridge } from '../preload/contract.ts';

declare global {
  interface Window {
    /** The only way out of the window; set by the preload. */
    readonly ferry: Bridge;
  }
}
