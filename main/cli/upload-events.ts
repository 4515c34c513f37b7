import type { Problem, UploadsDelta, UploadView } from '../../preload/contract.ts';
import { isStartedOver } from '../uploads/upload.ts';
import type { UploadList } from '../uploads/upload-list.ts';
import type { CliEvent } from './cli-event.ts';

const progressEveryMs = 500;

/** Makes events of the list's changes: each end and each notice once, progress now and then. */
export class UploadEvents {
  readonly #list: UploadList;
  readonly #tell: (event: CliEvent) => void;
  readonly #told = new Set<string>();
  /** One may be back after another has passed. */
  readonly #notices = new WeakSet<Problem>();
  readonly #toldAtMs = new Map<string, number>();
  readonly #leftOut = new Set<string>();

  constructor(list: UploadList, tell: (event: CliEvent) => void) {
    this.#list = list;
    this.#tell = tell;
  }

  take(delta: UploadsDelta): void {
    for (const source of delta.sources) {
      if (source.phase === 'failed' && source.problem && this.#once(source.id)) {
        this.#tell({ event: 'failed', id: null, name: source.name, problem: source.problem });
      }
      for (const { path, reason } of source.leftOut) {
        const place = `${source.id}/${path}`;
        if (this.#leftOut.has(place)) continue;
        this.#leftOut.add(place);
        this.#tell({ event: 'left-out', source: source.name, path, reason });
      }
    }
    for (const view of delta.uploads) this.#upload(view);
  }

  #upload(view: UploadView): void {
    const { id, name, phase } = view;
    const { notice } = view;
    if (notice && !this.#notices.has(notice)) {
      this.#notices.add(notice);
      this.#tell({ event: isStartedOver(notice) ? 'restarted' : 'notice', id, name, problem: notice });
    }
    if (view.leftBehind?.code === 'abort-failed' && this.#once(`${id} left`)) this.#tell({ event: 'warning', problem: view.leftBehind });
    if (view.leftBehind?.code === 'parts-left' && this.#once(`${id} left`)) this.#tell({ event: 'notice', id, name, problem: view.leftBehind });
    if (phase === 'uploading' || phase === 'verifying') this.#progress(view);
    if (view.object && this.#once(id)) {
      const durationMs = Math.max(0, (view.finishedAtMs ?? 0) - (view.startedAtMs ?? 0));
      this.#tell({ event: 'done', id, name, ...view.object, sentBytes: this.#list.upload(id)?.sentBytes ?? 0, durationMs });
    }
    if (phase === 'failed' && view.problem && this.#once(id)) this.#tell({ event: 'failed', id, name, problem: view.problem });
  }

  #progress({ id, name, phase, bytesSent, bytesTotal, fraction, bytesPerSecond, secondsLeft }: UploadView): void {
    const nowMs = performance.now();
    if (nowMs - (this.#toldAtMs.get(id) ?? -Infinity) < progressEveryMs) return;
    this.#toldAtMs.set(id, nowMs);
    this.#tell({ event: 'progress', id, name, phase, bytesSent, bytesTotal, fraction, bytesPerSecond, secondsLeft });
  }

  #once(what: string): boolean {
    if (this.#told.has(what)) return false;
    this.#told.add(what);
    return true;
  }
}
