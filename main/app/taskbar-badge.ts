import type { BrowserWindow, NativeImage } from 'electron';

/** The picture of a count, as in assets/badges; null for none. */
export function badgeName(count: number): string | null {
  if (count <= 0) return null;
  return count <= 9 ? String(count) : 'more';
}

/** Shows counts on the taskbar's button, where only Windows has room for a picture. `description` is for screen readers. */
export function taskbarBadge(picture: (name: string) => NativeImage, description: (count: number) => string): (window: BrowserWindow, count: number) => void {
  let shown: string | null = null;
  return (window, count) => {
    const name = badgeName(count);
    const described = name === null ? '' : description(count);
    // The system draws it anew each time it is set.
    if (window.isDestroyed() || shown === described) return;
    shown = described;
    window.setOverlayIcon(name === null ? null : picture(name), described);
  };
}
