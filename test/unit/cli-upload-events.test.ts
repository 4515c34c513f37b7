import { expect, test } from 'vitest';
import { UploadEvents } from '../../main/cli/upload-events.ts';
import type { UploadList } from '../../main/uploads/upload-list.ts';
import type { Problem, UploadsDelta } from '../../preload/contract.ts';

test('a restart is told once, also where an outage comes and goes after it', () => {
  const told: string[] = [];
  const events = new UploadEvents({ upload: () => undefined } as unknown as UploadList, ({ event }) => { told.push(event); });
  const restarted: Problem = { code: 'started-over-scope', params: {} };
  const say = (notice: Problem): void => {
    events.take({ sources: [], uploads: [{ id: 'upload', name: 'build.zip', phase: 'preparing', notice }] } as unknown as UploadsDelta);
  };
  say(restarted);
  say({ code: 'no-answer', params: { host: 'cos.example' } });
  say(restarted);
  expect(told).toEqual(['restarted', 'notice']);
});
