import type { UploadList } from '../uploads/upload-list.ts';
import { isFinished } from '../uploads/upload-state.ts';

/** Uploads that are not at their end, and folders that are still being read: what those hold is not known yet. */
export function countUnfinished(list: UploadList): number {
  const uploads = [...list.all()].filter(({ state }) => !isFinished(state));
  return uploads.length + [...list.sources()].filter(({ phase }) => phase === 'reading').length;
}
