import { expect, test } from 'vitest';
import { headingIndexes, isHeading, withHeadings, type ListItem } from '../../renderer/state/list-items.ts';
import { rowStates, type SourceGroup } from '../../renderer/state/upload-list.ts';

const groups = (counts: Readonly<Partial<Record<SourceGroup['state'], number>>>): readonly SourceGroup[] =>
  rowStates.flatMap((state) => Array.from({ length: counts[state] ?? 0 }, () => ({ state }) as SourceGroup));

test.each([
  [{}, []],
  [{ active: 1 }, [0]],
  [{ failed: 1, active: 2, queued: 3, done: 4 }, [0, 2, 5, 9]],
  [{ failed: 3, done: 1 }, [0, 4]],
] as const)('the headings of %j stand at %j', (counts, indexes) => {
  const items = withHeadings(groups(counts));
  expect(headingIndexes(items)).toEqual(indexes);
  expect(items.flatMap((item, index) => isHeading(item) ? [index] : [])).toEqual(indexes);
});

test('each heading says how many rows stand below it', () => {
  const items = withHeadings(groups({ failed: 2, done: 5 }));
  expect(items.filter(isHeading)).toEqual([{ heading: 'failed', count: 2 }, { heading: 'done', count: 5 }]);
});

test('rows without headings have none', () => {
  expect(headingIndexes(groups({ done: 3 }) as readonly ListItem[])).toEqual([]);
});
