import { expect, test } from 'vitest';
import { FerryError } from '../../main/ferry-error.ts';
import { StoreError } from '../../main/transfer/object-store.ts';
import { Outages } from '../../main/uploads/outages.ts';
import { awaitsCredential, newUpload, type Upload, type UploadPlan } from '../../main/uploads/upload.ts';
import { waiting } from '../../main/uploads/upload-state.ts';

const silence = new StoreError('transient', { code: 'network-timeout', params: { host: 'cos.example', bucket: 'builds' } }, null);
const slowDown = new StoreError('transient', { code: 'store-failed', serviceCode: 'SlowDown' }, 503);

function start({ toldAfterMs = 0, isOffline = (): boolean => false } = {}): { readonly outages: Outages; readonly upload: Upload; readonly waits: boolean[] } {
  const waits: boolean[] = [];
  const outages = new Outages({ toldAfterMs, isOffline, onWaits: (_upload, now) => { waits.push(now); }, onNotice: () => undefined });
  return { outages, waits, upload: newUpload('upload', 'source', 1, {} as UploadPlan, waiting) };
}

test.each([
  [slowDown, 'store-busy'],
  [new FerryError({ code: 'service-internal' }), 'service-busy'],
  [silence, 'no-answer'],
  [new FerryError({ code: 'network-unreachable', params: { host: 'api.example' } }), 'no-answer'],
])('what an upload waits for is told until something goes through', (error, code) => {
  const { outages, upload, waits } = start();
  outages.delayed(upload, error);
  expect(upload.notice?.code).toBe(code);
  outages.delayed(upload, error);
  outages.passed(upload);
  expect([upload.notice, waits]).toEqual([null, [true, false]]);
});

test('nothing is told, and no upload waits, before the time for it has passed', () => {
  const { outages, upload, waits } = start({ toldAfterMs: 60_000 });
  outages.delayed(upload, silence);
  outages.passed(upload);
  expect([upload.notice, waits]).toEqual([null, []]);
});

test('a computer that is offline is told of once for all, but its uploads wait', () => {
  let offline = true;
  const { outages, upload, waits } = start({ isOffline: () => offline });
  outages.delayed(upload, silence);
  expect([upload.notice, waits]).toEqual([null, [true]]);
  offline = false;
  outages.delayed(upload, silence);
  expect([upload.notice?.code, waits]).toEqual(['no-answer', [true]]);
});

test('what an upload said before, or says by now, is not lost', () => {
  const { outages, upload } = start();
  upload.notice = { code: 'started-over-scope', params: {} };
  outages.delayed(upload, slowDown);
  outages.passed(upload);
  expect(upload.notice.code).toBe('started-over-scope');
  outages.delayed(upload, slowDown);
  upload.notice = { code: 'key-too-short', params: {} };
  outages.passed(upload);
  expect(upload.notice.code).toBe('key-too-short');
});

test.each([
  ['its first one is not there', 'preparing', null, true],
  ['the one it has is over', 'uploading', 1000, true],
  ['the one it has lives', 'uploading', 1001, false],
  ['it is not its turn', 'paused', 1000, false],
] as const)('an upload waits for a credential, or does not: %s', (_what, phase, expiresAtMs, awaits) => {
  const { upload } = start();
  upload.state = { phase, startedAtMs: 0, progress: { sourceBytes: 0, sourceBytesSent: 0, bytesSent: 0, bytesTotal: null } };
  if (expiresAtMs !== null) upload.credential = { service: 'ms', bucket: '', region: '', scope: { kind: 'prefix', value: '' }, startsAtMs: 0, expiresAtMs, requestId: '' };
  expect(awaitsCredential(upload, 1000)).toBe(awaits);
});
