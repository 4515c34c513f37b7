/**
 * True when `url` is the page at `pageUrl`, whatever its query or fragment. From the development
 * server anything of the same origin is; of the built page only that very file.
 */
export function isOwnPage(url: string, pageUrl: string): boolean {
  if (!URL.canParse(url) || !URL.canParse(pageUrl)) return false;
  const asked = new URL(url);
  const own = new URL(pageUrl);
  if (asked.protocol !== own.protocol || asked.host !== own.host) return false;
  return own.protocol === 'http:' ? true : asked.pathname === own.pathname;
}
