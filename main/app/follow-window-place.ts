import type { BrowserWindow } from 'electron';
import type { WindowPlace } from '../settings/settings.ts';

const restMs = 400;

/** Hears where the window is, once it has come to rest there. */
export function followWindowPlace(window: BrowserWindow, onPlace: (place: WindowPlace) => void): void {
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return;
    onPlace({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const tellSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(tell, restMs);
  };
  window.on('move', tellSoon);
  window.on('resize', tellSoon);
  window.on('maximize', tellSoon);
  window.on('unmaximize', tellSoon);
  window.on('closed', () => { clearTimeout(timer); });
}
