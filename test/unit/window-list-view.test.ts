import { describe, expect, test } from 'vitest';
import { isHeading, normalized, shownGroups, withHeadings } from '../../renderer/state/list-items.ts';
import { ListView } from '../../renderer/state/list-view.svelte.ts';
import { phaseSpans } from '../../renderer/state/phase-spans.ts';
import { commandsFor, rowsTarget } from '../../renderer/state/row-commands.ts';
import { Selection } from '../../renderer/state/selection.ts';
import { speedLine } from '../../renderer/state/speed-line.ts';
import { UploadList } from '../../renderer/state/upload-list.ts';
import { aDelta, anUpload, aSource } from './window-views.ts';

const object = { bucket: 'b', region: 'r', key: 'path/Key-7.zip', size: 1, crc64: '1', etag: 'e', requestId: 'q' };
const phases = { broken: 'failed', going: 'uploading', waits: 'waiting', halted: 'paused', there: 'done', off: 'cancelled' } as const;
const groups = new UploadList().apply(aDelta({
  sources: Object.keys(phases).map((id) => aSource(id)),
  uploads: Object.entries(phases).map(([id, phase]) => anUpload(`${id}-u`, id, { phase, ...(phase === 'done' ? { object } : {}) })),
}));
const ids = (shown: typeof groups) => shown.map(({ source }) => source.id);
const group = (id: string) => groups.find(({ source }) => source.id === id)!;

describe('the list', () => {
  test('has a heading with a count above the rows of each state', () => {
    expect(withHeadings(groups).map((item) => (isHeading(item) ? `${item.heading} ${item.count}` : item.source.id))).toEqual([
      'failed 1', 'broken', 'active 1', 'going', 'queued 2', 'waits', 'halted', 'done 1', 'there', 'cancelled 1', 'off',
    ]);
  });

  test('shows what passes the filter; what waits counts as in progress', () => {
    expect(ids(shownGroups(groups, 'active', ''))).toEqual(['going', 'waits', 'halted']);
    expect(ids(shownGroups(groups, 'failed', ''))).toEqual(['broken']);
    expect(ids(shownGroups(groups, 'done', ''))).toEqual(['there']);
    expect(shownGroups(groups, 'all', '')).toBe(groups);
  });

  test('finds names and keys, whatever the case and the space around', () => {
    expect(ids(shownGroups(groups, 'all', normalized('  KEY-7 ')))).toEqual(['there']);
    expect(ids(shownGroups(groups, 'all', 'halted-u.zip'))).toEqual(['halted']);
    expect(ids(shownGroups(groups, 'failed', 'key-7'))).toEqual([]);
    // Nothing is found across two names.
    expect(ids(shownGroups(groups, 'all', 'waitswaits'))).toEqual([]);
  });
});

describe('the selection', () => {
  const order = ['a', 'b', 'c', 'd', 'e'];

  test('is one row, or with Ctrl one more or less', () => {
    const two = Selection.only('b').toggled('d');
    expect([...two.ids]).toEqual(['b', 'd']);
    expect([...two.toggled('b').ids]).toEqual(['d']);
  });

  test('reaches with Shift from where it began, in both directions', () => {
    const down = Selection.only('c').extended(order, 'e', null);
    expect([...down.ids]).toEqual(['c', 'd', 'e']);
    expect([...down.extended(order, 'b', null).ids]).toEqual(['b', 'c']);
    expect([...Selection.none.toggled('a').toggled('d').extended(order, 'e', null).ids]).toEqual(['d', 'e']);
  });

  test('begins where the keyboard is when nothing was selected, or the beginning is gone', () => {
    expect([...Selection.none.extended(order, 'c', 'b').ids]).toEqual(['b', 'c']);
    expect([...Selection.only('gone').extended(order, 'd', 'e').ids]).toEqual(['d', 'e']);
  });

  test('counts only what is shown, and an action on another row leaves it out', () => {
    const view = new ListView(() => groups);
    view.selection = Selection.all(view.order());
    view.filter = 'active';
    expect(ids(view.chosen)).toEqual(['going', 'waits', 'halted']);
    expect(view.actedOn(group('going'))).toEqual(view.chosen);
    view.selection = Selection.only('waits');
    expect(view.actedOn(group('going'))).toEqual([group('going')]);
  });

  test('Tab leads to the row the keyboard was in, or to the one that took its place', () => {
    const view = new ListView(() => groups);
    expect(view.activeId).toBe('broken');
    view.activeId = 'halted';
    expect([view.activeId, view.activeIndex]).toEqual(['halted', 6]);
    view.filter = 'done';
    expect([view.activeId, view.activeIndex]).toEqual(['there', 1]);
    view.search = 'nothing like it';
    expect([view.activeId, view.activeIndex]).toEqual([null, -1]);
  });

  test('the next row takes over from one that goes, or the last one where there is none', () => {
    let shown = groups;
    const view = new ListView(() => shown);
    view.activeId = 'waits';
    shown = groups.filter(({ source }) => source.id !== 'waits');
    expect(view.activeId).toBe('halted');
    view.activeId = 'off';
    shown = groups.filter(({ source }) => source.id !== 'off');
    expect(view.activeId).toBe('there');
  });
});

describe('what can be done', () => {
  const offered = (...wanted: string[]) => commandsFor(rowsTarget(wanted.map(group)), [group('waits'), group('halted')]);

  test('follows the state of a row', () => {
    expect(offered('broken')).toEqual(['retry', 'showSource', 'copyReport', 'remove']);
    expect(offered('going')).toEqual(['pause', 'cancel', 'showSource', 'copyReport']);
    expect(offered('halted')).toEqual(['resume', 'front', 'cancel', 'showSource', 'copyReport']);
    expect(offered('waits')).toEqual(['pause', 'cancel', 'showSource', 'copyReport']);
    expect(offered('there')).toEqual(['showSource', 'copyKey', 'copyUrl', 'copyReport', 'runAgain', 'remove']);
    expect(offered('off')).toEqual(['retry', 'showSource', 'copyReport', 'runAgain', 'remove']);
  });

  test('of several rows is what can be done with any of them', () => {
    expect(offered('broken', 'halted', 'there')).toEqual(['resume', 'retry', 'front', 'cancel', 'copyKey', 'copyUrl', 'runAgain', 'remove']);
  });

  test('with one file of a folder is about that file alone', () => {
    const [upload] = group('there').uploads;
    expect(commandsFor({ groups: [], uploads: [upload!], details: () => undefined }, [])).toEqual(['details', 'showSource', 'copyKey', 'copyUrl', 'copyReport', 'remove']);
  });
});

describe('the details', () => {
  test('say how long each phase took, since when the present one goes, and the end', () => {
    const timeline = [{ phase: 'preparing', atMs: 1_000 }, { phase: 'uploading', atMs: 1_400 }] as const;
    expect(phaseSpans({ phase: 'uploading', timeline, finishedAtMs: null })).toEqual([
      { kind: 'over', phase: 'preparing', ms: 400 }, { kind: 'going', phase: 'uploading', sinceMs: 1_400 },
    ]);
    expect(phaseSpans({ phase: 'done', timeline: [...timeline, { phase: 'done', atMs: 9_000 }], finishedAtMs: 9_000 }).at(-1)).toEqual({ kind: 'end', phase: 'done', atMs: 9_000 });
    expect(phaseSpans({ phase: 'paused', timeline: [], finishedAtMs: null })).toEqual([{ kind: 'end', phase: 'paused', atMs: null }]);
  });

  test('draw the speed with its peak at the upper edge', () => {
    expect(speedLine([0, 50, 100])).toBe('M0 40 L50 21 L100 2');
    expect(speedLine([0, 0])).toBe('M0 40 L100 40');
  });
});
