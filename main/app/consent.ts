import { realpath } from 'node:fs/promises';
import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';
import type { AccountDraft } from '../../preload/contract.ts';
import { visibleText } from '../../preload/locales/visible-text.ts';
import type { Consent } from '../ipc/request-handlers.ts';
import { isPrivatePlace, type Places } from './private-place.ts';
import type { Words } from './words.ts';

const mostLines = 8;
const longestLine = 160;
const lookedAtAtOnce = 64;

interface ConsentOptions {
  readonly places: Places;
  /** Whether what is sent with this account stays on this computer. */
  readonly staysHere: (draft: AccountDraft) => boolean;
  readonly window: () => BrowserWindow | null;
  readonly words: () => Words;
}

/**
 * Asks the person, in a dialog that the page can neither draw nor answer, before the page is
 * believed in what would hurt most were it no longer ours: an account to send to, and paths that no
 * build has. One question at a time; whatever is asked meanwhile is answered no.
 */
export function createConsent({ places, staysHere, window, words }: ConsentOptions): Consent {
  let asking = false;
  async function agrees(question: Pick<MessageBoxOptions, 'message' | 'detail'>, yes: string): Promise<boolean> {
    if (asking) return false;
    asking = true;
    const no = 0;
    const options: MessageBoxOptions = { type: 'warning', ...question, buttons: [words().t('shell:consent.no'), yes], defaultId: no, cancelId: no, noLink: true };
    try {
      const parent = window();
      const { response } = await (parent === null ? dialog.showMessageBox(options) : dialog.showMessageBox(parent, options));
      return response !== no;
    } finally {
      asking = false;
    }
  }

  return {
    async toPaths(paths) {
      const unusual = await whichArePrivate(paths, places);
      if (unusual.length === 0) return true;
      const { t } = words();
      return agrees({
        message: t('shell:consent.paths', { count: unusual.length }),
        detail: `${lines(unusual)}\n\n${t('shell:consent.pathsDetail')}`,
      }, t('shell:consent.upload'));
    },
    async toAccount(draft) {
      if (staysHere(draft)) return true;
      const { t } = words();
      const hosts = [draft.apiEndpoint, draft.cosDomain].filter((host) => host !== null);
      const where = hosts.length === 0 ? [t(`shell:consent.${draft.site}`)] : hosts;
      return agrees({
        message: t('shell:consent.account', { label: draft.label.slice(0, longestLine) }),
        detail: `${lines([`SecretId: ${draft.secretId}`, ...where])}\n\n${t('shell:consent.accountDetail')}`,
      }, t('shell:consent.add'));
    },
  };
}

async function whichArePrivate(paths: readonly string[], places: Places): Promise<readonly string[]> {
  const unusual: string[] = [];
  for (let start = 0; start < paths.length; start += lookedAtAtOnce) {
    const some = paths.slice(start, start + lookedAtAtOnce);
    // A link is as private as what it leads to.
    const ends = await Promise.all(some.map((path) => realpath(path).catch(() => path)));
    unusual.push(...some.filter((path, index) => isPrivatePlace(path, places) || isPrivatePlace(ends[index] ?? path, places)));
  }
  return unusual;
}

function lines(texts: readonly string[]): string {
  const shown = texts.slice(0, mostLines).map((text) => {
    const line = visibleText(text);
    return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
  });
  return [...shown, ...(texts.length > shown.length ? ['…'] : [])].join('\n');
}
