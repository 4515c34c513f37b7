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

/** Nobody listens there. */
const deadEnd = { mode: 'fixed_servers', proxyRules: 'http://127.0.0.1:9', proxyBypassRules: '<-loopback>' } as const;

/**
 * Serves the built page to this session and confines whatever opens, so call it before any other
 * session is made. Returns the address of the window's page: the development server's where there is
 * one. The built page needs no network, so whatever its policy does not reach (WebRTC) ends at a proxy
 * that is not there.
 */
export async function startPages(app: App, session: Session, developmentUrl: string | undefined): Promise<string> {
  const pageUrl = developmentUrl ?? builtPageUrl;
  session.protocol.handle(pageScheme, servePage(path.join(app.getAppPath(), 'out/renderer')));
  confineAll(app, session, pageUrl);
  if (developmentUrl === undefined) await session.setProxy(deadEnd);
  return pageUrl;
}
