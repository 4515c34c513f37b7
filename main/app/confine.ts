import type { Event, WebContents } from 'electron';
import { isOwnPage } from '../ipc/own-page.ts';

/**
 * Keeps the page where it is and without powers: it cannot go elsewhere, open windows, embed
 * others' pages or get a permission. Everything it may do goes through the contract.
 */
export function confine(contents: WebContents, pageUrl: string): void {
  // Its own address is let through: that is a reload.
  const stay = (event: Event & { readonly url: string }): void => {
    if (!isOwnPage(event.url, pageUrl)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  contents.session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  contents.session.setPermissionCheckHandler(() => false);
  contents.session.setDevicePermissionHandler(() => false);
}
