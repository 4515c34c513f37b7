import type { UploadView } from '../../preload/contract.ts';
import { askAndCancel } from './ask-and-cancel.ts';
import { frontMove, moveRow } from './queue-moves.ts';
import { rowName } from './row-text.ts';
import { isFinished, isPausable, isQueued } from './summary.ts';
import type { SourceGroup } from './upload-list.ts';
import type { WindowContext } from './window-context.ts';

export type Command =
  | 'pause' | 'resume' | 'retry' | 'cancel' | 'front' | 'details' | 'showSource' | 'showObject'
  | 'copyKey' | 'copyUrl' | 'copyReport' | 'runAgain' | 'remove';

/** Rows, or one file of a folder's, that something is to be done with. */
export interface CommandTarget {
  /** Empty for one file of a folder. */
  readonly groups: readonly SourceGroup[];
  readonly uploads: readonly UploadView[];
  /** Unfolds it; only where there is one. */
  readonly details?: () => void;
}

/** Rows of the list as a target. */
export const rowsTarget = (groups: readonly SourceGroup[], details?: () => void): CommandTarget =>
  ({ groups, uploads: groups.flatMap(({ uploads }) => uploads), ...(details && groups.length === 1 ? { details } : {}) });

const idsOf = (uploads: readonly UploadView[], wanted: (upload: UploadView) => boolean): readonly string[] => uploads.filter(wanted).map(({ id }) => id);
const isRetriable = ({ phase }: UploadView): boolean => phase === 'failed' || phase === 'cancelled';
const isLive = ({ state }: SourceGroup): boolean => state === 'active' || state === 'queued';

/** What can be done with the target as it is, in the order it is offered. */
export function commandsFor({ groups, uploads, details }: CommandTarget, queue: readonly SourceGroup[]): readonly Command[] {
  const some = (wanted: (upload: UploadView) => boolean): boolean => uploads.some(wanted);
  const [only] = uploads.length === 1 ? uploads : [];
  const oneRow = groups.length === 1 || (groups.length === 0 && only !== undefined);
  const firstQueued = uploads.find(({ phase }) => isQueued(phase));
  const able: Readonly<Record<Command, boolean>> = {
    pause: some(({ phase }) => isPausable(phase)),
    resume: some(({ phase }) => phase === 'paused'),
    retry: some(isRetriable),
    front: firstQueued !== undefined && queue[0]?.queued[0]?.id !== firstQueued.id,
    cancel: some(({ phase }) => !isFinished(phase) && phase !== 'cancelling') || groups.some(({ source }) => source.phase === 'reading'),
    details: details !== undefined,
    showSource: oneRow && uploads.length > 0,
    showObject: only?.objectIsLocal === true && only.phase === 'done',
    copyKey: some(({ object }) => object !== null),
    copyUrl: some(({ object }) => object !== null),
    copyReport: only !== undefined,
    runAgain: groups.some(({ state }) => state === 'done' || state === 'cancelled'),
    remove: groups.length > 0 ? groups.some((group) => !isLive(group)) : some(({ phase }) => isFinished(phase)),
  };
  return (Object.keys(able) as Command[]).filter((command) => able[command]);
}

/** What the command is called, for so many objects. */
export function commandText(command: Command, { uploads }: CommandTarget, { t }: WindowContext['words']): string {
  if (command === 'copyKey' || command === 'copyUrl') return t(`queue.command.${command}`, { count: uploads.filter(({ object }) => object !== null).length });
  return t(`queue.command.${command}`);
}

/** Does it; asks first where much would be lost. */
export function runCommand(context: WindowContext, command: Command, target: CommandTarget): void {
  const { store, words } = context;
  const { groups, uploads } = target;
  const [only] = uploads;
  const [group] = groups;
  switch (command) {
    case 'pause': return store.pause(idsOf(uploads, ({ phase }) => isPausable(phase)));
    case 'resume': return store.resume(idsOf(uploads, ({ phase }) => phase === 'paused'));
    case 'retry': return store.retry(idsOf(uploads, isRetriable));
    case 'cancel': {
      const reading = groups.filter(({ source }) => source.phase === 'reading').map(({ source }) => source.id);
      if (reading.length > 0) store.cancelReading(reading);
      const title = groups.length > 1 ? words.t('queue.cancelTitle', { count: groups.length }) : words.t('cancelQuestion.title', { name: nameOf(target) });
      return askAndCancel(context, title, uploads.filter(({ phase }) => !isFinished(phase)));
    }
    case 'front': {
      const wanted = new Set(idsOf(uploads, ({ phase }) => isQueued(phase)));
      const moved = store.queue.flatMap(({ queued }) => queued.filter(({ id }) => wanted.has(id)));
      const place = () => ({ position: 1, count: store.queue.length });
      return void moveRow(context, frontMove(store.queue.map(({ queued }) => queued), moved), groups.length > 1 ? groups.length : nameOf(target), place);
    }
    case 'details': return target.details?.();
    case 'showSource': return store.showSource(group?.source.id ?? only?.id ?? '');
    case 'showObject': return store.showObject(only?.id ?? '');
    case 'copyKey': return void store.copyAddresses(idsOf(uploads, ({ object }) => object !== null), 'key');
    case 'copyUrl': return void store.copyAddresses(idsOf(uploads, ({ object }) => object !== null), 'url');
    case 'copyReport': return void store.copyReport(only?.id ?? '');
    case 'runAgain': return store.runAgain(groups.filter(({ state }) => state === 'done' || state === 'cancelled').map(({ source }) => source.id));
    case 'remove': {
      const gone = groups.filter((each) => !isLive(each));
      return void store.remove(idsOf(groups.length > 0 ? gone.flatMap((each) => each.uploads) : uploads, ({ phase }) => isFinished(phase)), gone.map(({ source }) => source.id));
    }
  }
}

/** What the first of it is called. */
export function nameOf({ groups: [group], uploads: [only] }: CommandTarget): string {
  return group ? rowName(group) : only?.name ?? '';
}
