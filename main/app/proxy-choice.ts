import type { ProxyChoice } from '../../preload/contract.ts';
import { isLoopback, proxyFromList, type ProxyFor } from '../proxy.ts';

/** The proxy that the person has chosen, asked for at every request: another choice holds from the next one on. */
export function proxyForChoice(choice: () => ProxyChoice, resolveSystem: (url: string) => Promise<string>): ProxyFor {
  return async (url) => {
    const chosen = choice();
    if (chosen.kind === 'none' || isLoopback(new URL(url).hostname)) return null;
    return chosen.kind === 'custom' ? chosen.url : proxyFromList(await resolveSystem(url));
  };
}
