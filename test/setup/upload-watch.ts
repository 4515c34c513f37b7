import type { Page } from 'playwright-core';
import type { Bridge, SourceView, UploadPhase, UploadsPiece, UploadView } from '../../preload/contract.ts';

/** All that the window was told about uploads, from the moment of watching on. */
export interface UploadWatch {
  readonly uploads: ReadonlyMap<string, UploadView>;
  readonly sources: ReadonlyMap<string, SourceView>;
  /** Every view of an upload, in order: its phases, and how its progress moved. */
  history(uploadId: string): readonly UploadView[];
  /** Resolves once the condition holds; throws, naming every upload's state, when it never does. */
  until(condition: () => boolean, timeoutMs?: number): Promise<void>;
  /** Waits until what was added by `action` is there and finished, and returns its uploads. */
  finished(action: () => Promise<void>, timeoutMs?: number): Promise<readonly UploadView[]>;
}

const ended: ReadonlySet<UploadPhase> = new Set<UploadPhase>(['done', 'failed', 'cancelled']);

/** Listens to the window's `uploads` events. Once per page. */
export async function watchUploads(page: Page, onPhase: (upload: UploadView, phase: UploadPhase) => void = () => undefined): Promise<UploadWatch> {
  const uploads = new Map<string, UploadView>();
  const sources = new Map<string, SourceView>();
  const histories = new Map<string, UploadView[]>();
  const waiting = new Set<() => void>();

  const take = (delta: UploadsPiece) => {
    for (const source of delta.sources) sources.set(source.id, source);
    for (const upload of delta.uploads) {
      const before = uploads.get(upload.id);
      uploads.set(upload.id, upload);
      histories.set(upload.id, [...(histories.get(upload.id) ?? []), upload]);
      // Short phases fall between two deltas; the timeline has them all.
      const told = before && before.timeline.length <= upload.timeline.length ? before.timeline.length : 0;
      for (const { phase } of upload.timeline.slice(told)) onPhase(upload, phase);
    }
    for (const id of delta.removedSourceIds) sources.delete(id);
    for (const id of delta.removedUploadIds) uploads.delete(id);
    if (!delta.more) for (const check of waiting) check();
  };
  await page.exposeFunction('cosFerryTestUploads', take);
  await page.evaluate(() => {
    const window = globalThis as unknown as { ferry: Bridge; cosFerryTestUploads: (delta: UploadsPiece) => void };
    // After the page, which shows it where its next frame begins, or a moment later where it draws none.
    const shown = (): Promise<unknown> => new Promise((resolve) => {
      requestAnimationFrame(() => setTimeout(resolve));
      setTimeout(resolve, 250);
    });
    let told: Promise<unknown> = Promise.resolve();
    window.ferry.on('uploads', (delta) => {
      told = Promise.all([told, shown()]).then(() => { window.cosFerryTestUploads(JSON.parse(delta) as UploadsPiece); });
    });
  });

  const until = (condition: () => boolean, timeoutMs = 120_000) => new Promise<void>((resolve, reject) => {
    const settle = (outcome: () => void) => {
      waiting.delete(check);
      clearTimeout(timer);
      outcome();
    };
    const check = () => { if (condition()) settle(resolve); };
    const timer = setTimeout(() => {
      const states = [...uploads.values()].map(({ name, phase, fraction, problem }) => `${name}: ${phase} ${fraction} ${problem?.code ?? ''}`);
      settle(() => { reject(new Error(`Waited ${timeoutMs} ms in vain. Uploads:\n${states.join('\n') || 'none'}`)); });
    }, timeoutMs);
    waiting.add(check);
    check();
  });

  return {
    uploads,
    sources,
    until,
    history: (uploadId) => histories.get(uploadId) ?? [],
    async finished(action, timeoutMs) {
      const known = new Set(sources.keys());
      await action();
      const added = () => [...sources.values()].filter(({ id }) => !known.has(id));
      const uploadsOf = (source: SourceView) => [...uploads.values()].filter(({ sourceId }) => sourceId === source.id);
      const isFinished = (source: SourceView) => {
        const own = uploadsOf(source);
        return source.phase === 'failed' || (source.phase === 'ready' && own.length > 0 && own.every(({ phase }) => ended.has(phase)));
      };
      await until(() => added().length > 0 && added().every(isFinished), timeoutMs);
      return added().flatMap(uploadsOf);
    },
  };
}
