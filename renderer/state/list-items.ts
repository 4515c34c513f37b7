import type { UploadView } from '../../preload/contract.ts';
import { firstIndexWithout } from './first-index.ts';
import { rowStates, type RowState, type SourceGroup } from './upload-list.ts';

export type ListFilter = 'all' | 'active' | 'failed' | 'done';

/** What stands above the rows of one state. */
export interface GroupHeading {
  readonly heading: RowState;
  readonly count: number;
}

export type ListItem = GroupHeading | SourceGroup;

export const isHeading = (item: ListItem): item is GroupHeading => 'heading' in item;

const statesOf: Readonly<Record<ListFilter, ReadonlySet<RowState>>> = {
  all: new Set(rowStates),
  active: new Set(['active', 'queued']),
  failed: new Set(['failed']),
  done: new Set(['done']),
};

/** What is searched of a group, put together once for as long as the group stays the same. */
const searched = new WeakMap<SourceGroup, string>();

/** The text as it is compared: a search finds whatever the case and the space around it. */
export const normalized = (text: string): string => text.trim().toLowerCase();

/** Whether the name or the key of an upload has this normalized text in it. */
export const isFound = ({ name, object }: UploadView, search: string): boolean =>
  name.toLowerCase().includes(search) || (object?.key.toLowerCase().includes(search) ?? false);

function textOf(group: SourceGroup): string {
  let text = searched.get(group);
  if (text === undefined) {
    // A line each, so that nothing is found across two names.
    text = [group.source.name, ...group.uploads.flatMap(({ name, object }) => (object ? [name, object.key] : [name]))].join('\n').toLowerCase();
    searched.set(group, text);
  }
  return text;
}

/** The groups that pass the filter and have the normalized text in a name or a key, in their order. */
export function shownGroups(groups: readonly SourceGroup[], filter: ListFilter, search: string): readonly SourceGroup[] {
  if (filter === 'all' && search === '') return groups;
  const states = statesOf[filter];
  return groups.filter((group) => states.has(group.state) && (search === '' || textOf(group).includes(search)));
}

/** The groups, which are in the order of their states, with a heading above those of each. */
export function withHeadings(groups: readonly SourceGroup[]): readonly ListItem[] {
  let items: ListItem[] = [];
  let from = 0;
  for (const state of rowStates) {
    if (groups[from]?.state !== state) continue;
    const end = firstIndexWithout(from, groups.length, (index) => groups[index]?.state === state);
    items = items.concat({ heading: state, count: end - from }, groups.slice(from, end));
    from = end;
  }
  return items;
}

/** Where the headings stand among the items. */
export function headingIndexes(items: readonly ListItem[]): readonly number[] {
  const indexes: number[] = [];
  for (let index = 0, item = items[0]; item && isHeading(item); item = items[index]) {
    indexes.push(index);
    index += item.count + 1;
  }
  return indexes;
}
