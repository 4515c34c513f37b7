import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SourceView, UploadView } from '../../preload/contract.ts';
import { withHeadings } from '../../renderer/state/list-items.ts';
import { UploadList } from '../../renderer/state/upload-list.ts';
import { aDelta, anUpload, aSource } from './window-views.ts';

const phases = ['waiting', 'preparing', 'uploading', 'paused', 'failed', 'done', 'cancelled'] as const;
const oneChange = fc.record({
  source: fc.integer({ min: 0, max: 4 }),
  file: fc.integer({ min: 0, max: 1 }),
  phase: fc.constantFrom(...phases),
  addedAtMs: fc.integer({ min: 1, max: 2 }),
  isReading: fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 0),
  isRemoved: fc.integer({ min: 0, max: 5 }).map((drawn) => drawn === 0),
});

test('however the list came about, it is as one that is made of the whole at once', () => {
  fc.assert(fc.property(fc.array(fc.array(oneChange, { maxLength: 6 }), { maxLength: 12 }), (deltas) => {
    const list = new UploadList();
    const sources = new Map<string, SourceView>();
    const uploads = new Map<string, UploadView>();
    let shown: ReturnType<UploadList['apply']> = [];
    for (const changes of deltas) {
      const delta = { sources: new Map<string, SourceView>(), uploads: new Map<string, UploadView>(), removed: new Set<string>() };
      for (const { source, file, phase, addedAtMs, isReading, isRemoved } of changes) {
        const id = `s${source}`;
        // A delta says one thing of a source.
        if (delta.removed.has(id) || (isRemoved && delta.sources.has(id))) continue;
        if (isRemoved) {
          delta.removed.add(id);
          continue;
        }
        delta.sources.set(id, aSource(id, { addedAtMs, phase: isReading ? 'reading' : 'ready' }));
        delta.uploads.set(`${id}-${file}`, anUpload(`${id}-${file}`, id, { phase }));
      }
      shown = list.apply(aDelta({ sources: [...delta.sources.values()], uploads: [...delta.uploads.values()], removedSourceIds: [...delta.removed] }));
      for (const id of delta.removed) {
        sources.delete(id);
        for (const upload of [...uploads.values()]) if (upload.sourceId === id) uploads.delete(upload.id);
      }
      for (const [id, view] of delta.sources) sources.set(id, view);
      for (const [id, view] of delta.uploads) uploads.set(id, view);
    }
    const whole = new UploadList().replace(aDelta({ sources: [...sources.values()], uploads: [...uploads.values()] }));
    const said = (groups: typeof whole) => groups.map(({ source, state, uploads: each }) => [source.id, source.addedAtMs, state, ...each.map(({ id, phase }) => `${id} ${phase}`)]);
    expect(said(shown)).toEqual(said(whole));
    expect(withHeadings(shown).filter((item) => 'heading' in item).map(({ count }) => count).reduce((sum, count) => sum + count, 0)).toBe(whole.length);
  }));
});
