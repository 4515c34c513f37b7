import { expect, test } from 'vitest';
import { rowCounts } from '../../renderer/state/row-counts.ts';
import { withHeadings, isHeading } from '../../renderer/state/list-items.ts';
import { UploadList } from '../../renderer/state/upload-list.ts';
import { aDelta, aSource, anUpload } from './window-views.ts';

test('the bar counts rows as the headings do, not the files in them, and tells what waits from what is paused', () => {
  const list = new UploadList();
  const groups = list.apply(aDelta({
    sources: ['folder', 'next', 'later', 'held', 'broken', 'gone'].map((id) => aSource(id, id === 'folder' ? { service: 'ms', kind: 'folder' } : {})),
    uploads: [
      ...Array.from({ length: 30 }, (_, index) => anUpload(`file-${index}`, 'folder', { phase: index < 12 ? 'done' : index === 12 ? 'uploading' : 'waiting' })),
      anUpload('n', 'next'), anUpload('l', 'later'), anUpload('h', 'held', { phase: 'paused' }), anUpload('b', 'broken', { phase: 'failed' }), anUpload('g', 'gone', { phase: 'cancelled' }),
    ],
  }));
  const counts = rowCounts(groups);
  expect(counts).toEqual({ active: 1, queued: 2, paused: 1, failed: 1, done: 0 });
  const headings = Object.fromEntries(withHeadings(groups).filter(isHeading).map(({ heading, count }) => [heading, count]));
  expect(headings).toEqual({ failed: counts.failed, active: counts.active, queued: counts.queued + counts.paused, cancelled: 1 });
});
