import { expect, test } from 'vitest';
import { countUnfinished } from '../../main/cli/count-unfinished.ts';
import { UploadList } from '../../main/uploads/upload-list.ts';

const destination = { service: 'ms', applicationId: '', cosRegion: '', durationSeconds: null } as const;

test('a folder that is still being read is unfinished, though it has no upload yet', () => {
  const list = new UploadList({ now: () => 0, publish: () => undefined });
  const source = { name: 'Game', kind: 'folder', service: 'ms', destination, accountId: 'a', accountLabel: 'Studio', prefixes: [], problem: null, leftOut: [], leftOutCount: 0, addedAtMs: 0 } as const;
  list.setSource({ ...source, id: 'read', phase: 'ready' });
  expect(countUnfinished(list)).toBe(0);
  list.setSource({ ...source, id: 'reading', phase: 'reading' });
  expect(countUnfinished(list)).toBe(1);
});
