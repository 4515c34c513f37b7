import type { Problem, UploadView } from '../../preload/contract.ts';
import { isFinished } from './summary.ts';

/** What should be known of uploads that go on, told once for all it is about. */
export interface Notice {
  readonly problem: Problem;
  /** The first of them. */
  readonly name: string;
  /** How many others there are. */
  readonly more: number;
}

/** One notice of each kind. What is finished has arrived, or says itself why it has not. */
export function noticesOf(uploads: readonly UploadView[]): readonly Notice[] {
  const byCode = new Map<string, Notice>();
  for (const { notice, name, phase } of uploads) {
    if (!notice || isFinished(phase)) continue;
    const known = byCode.get(notice.code);
    byCode.set(notice.code, known ? { ...known, more: known.more + 1 } : { problem: notice, name, more: 0 });
  }
  return [...byCode.values()];
}
