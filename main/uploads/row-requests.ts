import type { Sandbox } from '../sandbox/sandbox.ts';
import { sandboxAccountId } from '../settings/settings.ts';
import type { Ferry } from './ferry.ts';
import { objectUrl } from './object-url.ts';
import { presentPath } from './present-path.ts';
import type { Removals } from './removals.ts';
import type { Upload, UploadPlan } from './upload.ts';
import { uploadDetails } from './upload-details.ts';
import type { UploadList } from './upload-list.ts';
import { uploadReport } from './upload-report.ts';

export interface RowRequestsOptions {
  readonly list: UploadList;
  readonly removals: Removals;
  readonly sandbox: Pick<Sandbox, 'objectPath'>;
  readonly version: string;
  readonly now: () => number;
  /** Drops these paths for the destination of this plan, as its account is now. */
  readonly runAgain: (plan: UploadPlan, paths: readonly string[]) => void;
}

type RowRequest =
  | 'clearFinished' | 'removeFinished' | 'undoRemoval' | 'runAgain' | 'uploadDetails'
  | 'report' | 'localObjectPath' | 'sourcePath' | 'objectAddresses';

/** What a person may ask of rows of the list, other than to move them on. */
export function rowRequests({ list, removals, sandbox, version, now, runAgain }: RowRequestsOptions): Pick<Ferry, RowRequest> {
  const firstOf = (sourceId: string): Upload | undefined => {
    for (const upload of list.all()) if (upload.sourceId === sourceId) return upload;
    return undefined;
  };
  /** What was dropped to make a source, of which this is an upload. */
  const dropped = ({ plan, sourceId }: Upload): readonly string[] =>
    list.source(sourceId)?.kind === 'folder' ? [plan.origin.path] : plan.paths;

  return {
    clearFinished: () => removals.remove(null),
    removeFinished: (uploadIds, sourceIds) => removals.remove({ uploadIds: new Set(uploadIds), sourceIds: new Set(sourceIds) }),
    undoRemoval(removalId) {
      removals.undo(removalId);
    },
    runAgain(sourceIds) {
      const wanted = new Set(sourceIds);
      const first = new Map<string, Upload>();
      for (const upload of list.all()) if (wanted.has(upload.sourceId) && !first.has(upload.sourceId)) first.set(upload.sourceId, upload);
      for (const upload of first.values()) runAgain(upload.plan, dropped(upload));
    },
    uploadDetails(uploadId) {
      const upload = list.upload(uploadId);
      return upload ? uploadDetails(upload, now()) : null;
    },
    report(uploadId) {
      const upload = list.upload(uploadId);
      return upload ? uploadReport(upload, version) : null;
    },
    localObjectPath(uploadId) {
      const upload = list.upload(uploadId);
      if (upload?.state.phase !== 'done' || upload.plan.account.id !== sandboxAccountId) return null;
      return sandbox.objectPath(upload.state.object.bucket, upload.state.object.key);
    },
    async sourcePath(id) {
      const upload = list.upload(id);
      const ofSource = upload ? undefined : firstOf(id);
      const [found] = upload?.plan.paths ?? (ofSource ? dropped(ofSource) : []);
      return presentPath(found);
    },
    objectAddresses: (uploadIds, kind) => uploadIds.flatMap((id) => {
      const upload = list.upload(id);
      if (upload?.state.phase !== 'done') return [];
      return kind === 'key' ? upload.state.object.key : objectUrl(upload.state.object, upload.plan.account);
    }),
  };
}
