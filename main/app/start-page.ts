import path from 'node:path';
import type { App, Protocol, Session } from 'electron';
import { confineAll } from './confine.ts';
import { builtPageUrl, pageScheme, servePage } from './page-protocol.ts';

interface Electron {
  readonly app: App;
  readonly protocol: Protocol;
}

/**
 * What can only be said before Electron is ready: the page's scheme, and that every page runs in
 * Chromium's sandbox, which only a `--no-sandbox` on the command line takes away (it is for
 * running from source as root).
 */
export function preparePages({ app, protocol }: Electron): void {
  protocol.registerSchemesAsPrivileged([{ scheme: pageScheme, privileges: { standard: true, secure: true } }]);
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
}

/** Serves the built page to this session and confines whatever opens. Returns the address of the window's page: the development server's where there is one. */
export function startPages(app: App, session: Session, developmentUrl: string | undefined): string {
  const pageUrl = developmentUrl ?? builtPageUrl;
  session.protocol.handle(pageScheme, servePage(path.join(app.getAppPath(), 'out/renderer')));
  confineAll(app, session, pageUrl);
  return pageUrl;
}
