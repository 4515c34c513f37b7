import type { Destination } from '../../preload/contract.ts';

const scheme = 'cos-ferry:';

/** The whole of a link: no other host, path, port, user, fragment or escape, and nothing long. */
const wholeLink = /^cos-ferry:\/\/upload\/?\?((?:service|application-id|region)=[A-Za-z0-9_-]{1,64}(?:&(?:service|application-id|region)=[A-Za-z0-9_-]{1,64}){0,2})$/;

/** What a link may set of the destination; the rest stays as it is. */
export type LinkDestination = Pick<Destination, 'service'> & Partial<Pick<Destination, 'applicationId' | 'cosRegion'>>;

/** Whether an argument is meant as a link, a good one or not. Such an argument is never a path. */
export function isLink(argument: string): boolean {
  return argument.trimStart().toLowerCase().startsWith(scheme);
}

/**
 * The destination that `cos-ferry://upload?service=car&application-id=…` (or `service=ms&region=…`)
 * names; null for any other text. Anybody can make a person follow a link, so there is nothing in
 * one but what the window's own fields could be filled with.
 */
export function parseLink(text: string): LinkDestination | null {
  const query = wholeLink.exec(text)?.[1];
  if (query === undefined) return null;
  const pairs = query.split('&').map((pair) => pair.split('='));
  const values = new Map(pairs.map(([name = '', value = '']) => [name, value]));
  if (values.size !== pairs.length) return null;
  const service = values.get('service');
  const applicationId = values.get('application-id');
  const cosRegion = values.get('region');
  if (service === 'car' && cosRegion === undefined) return applicationId === undefined ? { service } : { service, applicationId };
  if (service === 'ms' && applicationId === undefined) return cosRegion === undefined ? { service } : { service, cosRegion };
  return null;
}
