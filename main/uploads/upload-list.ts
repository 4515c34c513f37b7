import type { SourceView, Totals, UploadsDelta } from '../../preload/contract.ts';
import { TotalsMeter } from './totals.ts';
import { isStartedOver, type Upload } from './upload.ts';
import { isFinished, transition, type UploadEvent } from './upload-state.ts';
import { uploadView } from './upload-view.ts';

// Ten times a second: as often as a person can follow.
const publishEveryMs = 100;
// Nobody can follow so many; less often leaves the window the time to draw.
const publishManyEveryMs = 400;
const restPerUploadMs = 2;

/** What was taken off the list, with the source of every upload in it. */
export interface TakenOff {
  readonly uploads: readonly Upload[];
  /** Those of the uploads, and those that have gone. */
  readonly sources: ReadonlyMap<string, SourceView>;
  /** The sources that have gone. */
  readonly sourceIds: readonly string[];
}

/** All sources and uploads, in the order they were added, and what of it the window has not been told yet. */
export class UploadList {
  readonly #sources = new Map<string, SourceView>();
  readonly #uploads = new Map<string, Upload>();
  readonly #totals = new TotalsMeter();
  readonly #now: () => number;
  readonly #publish: (delta: UploadsDelta) => void;
  #changedSources = new Set<string>();
  #changedUploads = new Set<string>();
  #removedSources: string[] = [];
  #removedUploads: string[] = [];
  #publishing: NodeJS.Timeout | null = null;
  #hurrying: NodeJS.Immediate | null = null;
  #restMs = publishEveryMs;
  #publishedAtMs = 0;

  constructor(options: { now: () => number; publish: (delta: UploadsDelta) => void }) {
    this.#now = options.now;
    this.#publish = options.publish;
  }

  setSource(source: SourceView): void {
    this.#sources.set(source.id, source);
    this.#changedSources.add(source.id);
    this.#publishSoon();
  }

  source(id: string): SourceView | undefined {
    return this.#sources.get(id);
  }

  add(upload: Upload): void {
    this.#uploads.set(upload.id, upload);
    this.#totals.joined(upload);
    this.#changed(upload);
  }

  sources(): Iterable<SourceView> {
    return this.#sources.values();
  }

  upload(id: string): Upload | undefined {
    return this.#uploads.get(id);
  }

  all(): Iterable<Upload> {
    return this.#uploads.values();
  }

  /** Something of the upload other than its state has changed. */
  touch(upload: Upload): void {
    this.#changed(upload);
  }

  /** What has changed is told at once: what a person has asked for, or that all is done. */
  hurry(): void {
    this.#hurrying ??= setImmediate(() => { this.publish(); });
  }

  /** Tells now what has not been told yet. */
  publish(): void {
    if (this.#publishing) clearTimeout(this.#publishing);
    this.#publishing = null;
    if (this.#hurrying) clearImmediate(this.#hurrying);
    this.#hurrying = null;
    const nowMs = this.#now();
    this.#publishedAtMs = nowMs;
    // Speeds fall while nothing moves, so what is uploading is told again as long as it does.
    for (const upload of this.#uploads.values()) {
      if (upload.state.phase === 'uploading') this.#changedUploads.add(upload.id);
    }
    const delta: UploadsDelta = {
      sources: [...this.#changedSources].flatMap((id) => this.#sources.get(id) ?? []),
      uploads: [...this.#changedUploads].flatMap((id) => {
        const upload = this.#uploads.get(id);
        return upload ? [uploadView(upload, nowMs)] : [];
      }),
      removedSourceIds: this.#removedSources,
      removedUploadIds: this.#removedUploads,
      totals: this.totals(),
    };
    this.#restMs = Math.min(publishManyEveryMs, Math.max(publishEveryMs, delta.uploads.length * restPerUploadMs));
    this.#changedSources = new Set();
    this.#changedUploads = new Set();
    this.#removedSources = [];
    this.#removedUploads = [];
    this.#publish(delta);
    if (delta.uploads.some((upload) => upload.phase === 'uploading')) this.#publishSoon();
  }

  /** Moves an upload on; what is impossible in its state changes nothing. Says whether anything changed. */
  dispatch(upload: Upload, event: UploadEvent): boolean {
    const before = upload.state;
    const after = transition(before, event);
    if (after === before) return false;
    upload.state = after;
    const nowMs = this.#now();
    if (after.phase !== before.phase) upload.timeline = [...after.phase === 'waiting' ? [] : upload.timeline, { phase: after.phase, atMs: nowMs }];
    if (event.type === 'retry-requested' || event.type === 'resume-requested') {
      if (event.type === 'retry-requested' || !(upload.notice && isStartedOver(upload.notice))) upload.notice = null;
      this.#totals.joined(upload);
    }
    if (event.type === 'prepared') upload.speed.reset();
    if (event.type === 'sent' || event.type === 'all-sent') upload.speed.record(event.bytes, nowMs);
    this.#totals.moved(before, after, nowMs);
    this.#changed(upload);
    // Nobody has to wait to hear that all is done.
    if (isFinished(after) && this.#totals.isOver) this.hurry();
    return true;
  }

  /** Takes a source off that has no uploads. */
  removeSource(id: string): void {
    this.#sources.delete(id);
    this.#changedSources.delete(id);
    this.#removedSources.push(id);
    this.#publishSoon();
  }

  /** The sum of all, without a view of each. */
  totals(): Totals {
    const totals = this.#totals.totals(this.#uploads.values(), this.#now());
    const reading = [...this.#sources.values()].filter((source) => source.phase === 'reading').length;
    return { ...totals, unfinished: totals.unfinished + reading };
  }

  /** Takes finished uploads off, and sources that have none left. */
  takeOff(which: (upload: Upload) => boolean, whichSource: (source: SourceView) => boolean = () => true): TakenOff {
    const taken = { uploads: [] as Upload[], sources: new Map<string, SourceView>(), sourceIds: [] as string[] };
    for (const upload of this.#uploads.values()) {
      if (!isFinished(upload.state) || !which(upload)) continue;
      this.#uploads.delete(upload.id);
      this.#totals.left(upload);
      this.#changedUploads.delete(upload.id);
      this.#removedUploads.push(upload.id);
      taken.uploads.push(upload);
      const source = this.#sources.get(upload.sourceId);
      if (source) taken.sources.set(source.id, source);
    }
    const used = new Set([...this.#uploads.values()].map((upload) => upload.sourceId));
    for (const source of this.#sources.values()) {
      if (used.has(source.id) || source.phase === 'reading' || !(taken.sources.has(source.id) || whichSource(source))) continue;
      taken.sources.set(source.id, source);
      this.#sources.delete(source.id);
      this.#changedSources.delete(source.id);
      taken.sourceIds.push(source.id);
    }
    this.#removedSources.push(...taken.sourceIds);
    this.#publishSoon();
    return taken;
  }

  /** Undoes `takeOff`. */
  putBack({ uploads, sources }: TakenOff): void {
    for (const source of sources.values()) if (!this.#sources.has(source.id)) this.setSource(source);
    for (const upload of uploads) this.add(upload);
    const back = new Set([...sources.keys(), ...uploads.map(({ id }) => id)]);
    this.#removedSources = this.#removedSources.filter((id) => !back.has(id));
    this.#removedUploads = this.#removedUploads.filter((id) => !back.has(id));
  }

  /** The whole list in the queue's order, as one delta from nothing. */
  whole(): UploadsDelta {
    const nowMs = this.#now();
    return {
      sources: [...this.#sources.values()],
      uploads: [...this.#uploads.values()].sort((a, b) => a.order - b.order).map((upload) => uploadView(upload, nowMs)),
      removedSourceIds: [],
      removedUploadIds: [],
      totals: this.totals(),
    };
  }

  #changed(upload: Upload): void {
    this.#changedUploads.add(upload.id);
    this.#publishSoon();
  }

  #publishSoon(): void {
    if (this.#publishing) return;
    // The clock may have been set meanwhile.
    const restMs = Math.min(this.#restMs, this.#publishedAtMs + this.#restMs - this.#now());
    this.#publishing = setTimeout(() => { this.publish(); }, Math.max(publishEveryMs, restMs));
  }
}
