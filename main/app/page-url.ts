import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The address of the window's page: the development server's where electron-vite runs one, else the built file. */
export function pageUrl(appPath: string, developmentUrl: string | undefined): string {
  return developmentUrl ?? pathToFileURL(join(appPath, 'out/renderer/index.html')).href;
}
