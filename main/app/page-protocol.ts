import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pagePolicy } from './page-policy.ts';

export const pageScheme = 'app';
const pageHost = 'cos-ferry';

/** The address of the built page. */
export const builtPageUrl = `${pageScheme}://${pageHost}/index.html`;

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

// The build's own shape. No folder but this one and no name that begins with a dot: nothing to climb with.
const builtFile = /^\/((?:assets\/)?[\w-][\w.-]*)$/;

/** Answers `app://` from the folder of the built page, and with nothing else than what a build puts there. */
export function servePage(directory: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const { host, pathname, protocol } = new URL(request.url);
    const name = builtFile.exec(pathname)?.[1];
    const type = name === undefined ? undefined : contentTypes[path.extname(name)];
    if (request.method !== 'GET' || protocol !== `${pageScheme}:` || host !== pageHost || name === undefined || type === undefined) return refusal(404);
    try {
      return new Response(await readFile(path.join(directory, name)), { headers: { ...everyReply, 'Content-Type': type } });
    } catch {
      return refusal(404);
    }
  };
}

const everyReply = {
  'Content-Security-Policy': pagePolicy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

function refusal(status: number): Response {
  return new Response(null, { status, headers: everyReply });
}
