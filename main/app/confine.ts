import type { App, Event, Session, WebContents } from 'electron';
import { isOwnPage } from '../ipc/own-page.ts';

/**
 * Confines every session and every page there will ever be, not only the window's: whatever opens
 * by mistake has no powers either. Call it when the app is ready and before the first window.
 */
export function confineAll(app: App, session: Session, pageUrl: string): void {
  confineSession(session, pageUrl);
  app.on('session-created', (created) => { confineSession(created, pageUrl); });
  app.on('web-contents-created', (_event, contents) => { confinePage(contents, pageUrl); });
}

/** No permission, no device, no download, no spelling dictionary, and no request but for the page itself. */
function confineSession(session: Session, pageUrl: string): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => { decide(false); });
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, answer) => { answer({}); });
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses);
  // Its mere existence makes Chromium fetch a dictionary from Google, unless there is no language to fetch for.
  session.setSpellCheckerLanguages([]);
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => { event.preventDefault(); });
  session.webRequest.onBeforeRequest(({ url }, answer) => { answer({ cancel: !mayLoad(url, pageUrl) }); });
}

/**
 * Keeps a page where it is and without powers: it cannot go elsewhere, open windows or embed others'
 * pages. Everything it may do goes through the contract.
 */
function confinePage(contents: WebContents, pageUrl: string): void {
  // Its own address is let through: that is a reload.
  const stay = (event: Event & { readonly url: string }): void => {
    if (!isOwnPage(event.url, pageUrl)) event.preventDefault();
  };
  contents.on('will-navigate', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-attach-webview', (event) => { event.preventDefault(); });
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** The page's own origin; over the development server also its socket, and the developer tools. */
export function mayLoad(url: string, pageUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const asked = new URL(url);
  const own = new URL(pageUrl);
  if (asked.host === own.host && asked.protocol === own.protocol) return true;
  return own.protocol === 'http:' && ((asked.protocol === 'ws:' && asked.host === own.host) || asked.protocol === 'devtools:');
}
