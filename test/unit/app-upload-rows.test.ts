import { describe, expect, it } from 'vitest';
import { uploadRows } from '../../main/app/upload-rows.ts';
import { arrived, source, upload } from './app-upload-views.ts';

describe('rows of what is under way', () => {
  it('make one row of a folder with many files, weighed by bytes', () => {
    const files = [
      arrived('s1', 300, { name: 'a.bin' }),
      upload('s1', 'uploading', { name: 'b.bin', sourceBytes: 100, fraction: 0.5 }),
      upload('s1', 'waiting', { name: 'c.bin', sourceBytes: 100 }),
    ];
    expect(uploadRows({ sources: [source('s1', 'assets', { kind: 'folder' })], uploads: files })).toEqual([
      { name: 'assets', phase: 'uploading', fraction: 0.7 },
    ]);
  });

  it('name a source with one upload by its object', () => {
    const rows = uploadRows({ sources: [source('s1', 'Game')], uploads: [upload('s1', 'uploading', { name: 'Game.zip', fraction: 0.25 })] });
    expect(rows).toEqual([{ name: 'Game.zip', phase: 'uploading', fraction: 0.25 }]);
  });

  it('put what is under way before what waits, and leave out what is finished', () => {
    const sources = ['waits', 'failed', 'runs', 'arrived', 'is read', 'cancels'].map((name) =>
      source(name, name, name === 'is read' ? { phase: 'reading' } : {}));
    const uploads = [
      upload('waits', 'waiting', { name: 'waits' }),
      upload('failed', 'failed', { name: 'failed' }),
      upload('runs', 'verifying', { name: 'runs' }),
      arrived('arrived', 1),
      upload('cancels', 'cancelling', { name: 'cancels' }),
    ];
    expect(uploadRows({ sources, uploads }).map(({ name, phase }) => [name, phase])).toEqual([
      ['runs', 'uploading'], ['cancels', 'cancelling'], ['waits', 'waiting'], ['is read', 'waiting'],
    ]);
  });

  it('move for a folder of empty files', () => {
    const uploads = [arrived('s1', 0), upload('s1', 'waiting', { sourceBytes: 0 })];
    expect(uploadRows({ sources: [source('s1', 'empties')], uploads })[0]?.fraction).toBe(0.5);
  });

  it('do not wait for failed and cancelled files', () => {
    const uploads = [upload('s1', 'failed', { sourceBytes: 800 }), upload('s1', 'uploading', { sourceBytes: 100, fraction: 0.9 })];
    expect(uploadRows({ sources: [source('s1', 'some')], uploads })[0]?.fraction).toBeCloseTo(0.9);
  });
});
