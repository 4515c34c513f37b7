import type { Account } from '../credentials/account.ts';
import { FerryError } from '../ferry-error.ts';
import type { KeptEntry } from '../history/history-entry.ts';
import type { History } from '../history/history.ts';
import { objectUrl } from './object-url.ts';
import { presentPath } from './present-path.ts';
import type { Ferry } from './ferry.ts';

type HistoryRequest = 'history' | 'historyFiles' | 'findInHistory' | 'clearHistory' | 'uploadAgain' | 'historySourcePath' | 'historyUrl';

export interface HistoryRequestsOptions {
  readonly history: History;
  /** null where it is gone. */
  readonly accountOf: (accountId: string) => Account | null;
  readonly drop: Ferry['drop'];
}

/** What a person may ask of uploads that have ended. */
export function historyRequests({ history, accountOf, drop }: HistoryRequestsOptions): Pick<Ferry, HistoryRequest> {
  const kept = async (rowId: string): Promise<KeptEntry> => {
    const entry = await history.kept(rowId);
    if (!entry) throw new FerryError({ code: 'request-invalid' });
    return entry;
  };
  const dropped = ({ folder, paths }: KeptEntry): readonly string[] => (folder ? [folder.path] : paths);

  return {
    history: (query) => history.page(query),
    historyFiles: (query) => history.files(query),
    findInHistory: (filter) => history.find(filter),
    clearHistory: () => history.clear(),
    async uploadAgain(rowId) {
      const entry = await kept(rowId);
      const { service, accountId, accountLabel, applicationId, cosRegion } = entry;
      if (!accountOf(accountId)) throw new FerryError({ code: 'key-missing', params: { label: accountLabel } });
      drop(dropped(entry), { accountId, destination: { service, applicationId, cosRegion, durationSeconds: null } });
    },
    async historySourcePath(rowId) {
      return presentPath(dropped(await kept(rowId))[0]);
    },
    async historyUrl(entryId) {
      const { outcome, accountId, bucket, region, key } = await kept(entryId);
      if (outcome !== 'done') throw new FerryError({ code: 'request-invalid' });
      return objectUrl({ bucket, region, key }, accountOf(accountId) ?? { cosDomain: null });
    },
  };
}
