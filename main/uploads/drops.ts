import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { LeftOut, Problem, SourceView } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import { tryToDescribe } from '../package/describe-path.ts';
import { listFolder } from '../package/list-folder.ts';
import { carObject } from './car-object.ts';
import type { DropJournal } from './drop-journal.ts';
import { sourceIdOf, uploadIdOf, type DropRecord, type ListedSource, type ListedUpload } from './drop-record.ts';
import { restoredState } from './journaled-upload.ts';
import { laneOf, type DropTarget } from './lane.ts';
import { newUpload, type Upload, type UploadPlan } from './upload.ts';
import type { UploadList } from './upload-list.ts';
import { withLeftOut } from './with-left-out.ts';

export interface DropsOptions {
  readonly list: UploadList;
  readonly journal: DropJournal;
  /** Whether an upload is in the list, or has an entry of its own: it is not to be added once more. */
  readonly isKnown: (uploadId: string) => boolean;
  readonly enqueue: (upload: Upload) => void;
  readonly now: () => number;
  /** The place in the queue behind all others. */
  readonly nextOrder: () => number;
  /** Ends the listing of folders when the app quits. */
  readonly signal: AbortSignal;
  readonly onProblem: (error: unknown) => void;
}

/** A drop while it is looked at. */
interface Taking {
  readonly record: DropRecord;
  readonly target: DropTarget;
  /** Uploads are sent as they are found; else they are paused. */
  readonly start: boolean;
  readonly sources: ListedSource[];
  readonly uploads: ListedUpload[];
}

type Planned = Pick<UploadPlan, 'name' | 'paths' | 'packed' | 'sizeHint' | 'modifiedHintMs'>;

interface Added {
  readonly id: string;
  readonly planned: Planned;
  readonly problem?: Problem;
}

type NewSource = Pick<ListedSource, 'id' | 'name' | 'kind' | 'path'>;

/** Turns what a person dropped into sources and uploads. What is wrong with a path shows in its own row and stops no other. */
export class Drops {
  readonly #options: DropsOptions;
  readonly #reading = new Map<string, AbortController>();
  readonly #listing = new Map<string, Promise<void>>();
  #begun: Promise<unknown> = Promise.resolve();

  constructor(options: DropsOptions) {
    this.#options = options;
  }

  /**
   * `name` replaces the one the object, the package, or the folder in front of its files would have.
   * Settles when all uploads are in the list. Nothing is sent before the drop is on disk: from then
   * on a crash loses nothing, though what was sent while it was still being looked at may be sent
   * once more.
   */
  async take(paths: readonly string[], target: DropTarget, name: string | null = null, id: string = randomUUID()): Promise<void> {
    const { signal } = this.#options;
    signal.throwIfAborted();
    const record = this.#record(id, paths, target, name);
    // Whichever is on disk first, they go in the order they were dropped.
    this.#begun = Promise.all([this.#begun, this.#begin(record)]);
    await this.#begun;
    signal.throwIfAborted();
    await this.list(record, target, true);
  }

  /** Keeps a drop that waits for a person; `take` with its ID goes on with it. Rejects where it cannot be written. */
  hold(id: string, paths: readonly string[], target: DropTarget): Promise<void> {
    return this.#options.journal.begin({ ...this.#record(id, paths, target, null), waits: true });
  }

  /** A drop that was held is not wanted any more. */
  giveUp(id: string): void {
    this.#options.journal.remove(id).catch(this.#options.onProblem);
  }

  /** Looks at what a kept drop holds; of one that was begun to be looked at before, only what is still to be done is added. */
  list(record: DropRecord, target: DropTarget, start: boolean): Promise<void> {
    return this.#inTurn(record.id, async () => {
      const taking: Taking = { record, target, start, sources: [], uploads: [] };
      await (record.destination.service === 'car' ? this.#takeForCar(taking) : this.#takeForMs(taking));
      await this.#listed(taking);
    });
  }

  /** Reads a folder that could not be read once more; what was found in it before, or has ended since, is not added again. */
  async readAgain(sourceId: string, account: Account): Promise<void> {
    const { list, journal } = this.#options;
    const drop = journal.of(sourceId);
    if (drop) await this.#inTurn(drop.record.id, async () => {
      const { record } = drop;
      const failed = record.listing?.sources.find(({ id }) => id === sourceId);
      if (!record.listing || !failed || list.source(sourceId)?.phase !== 'failed') return;
      const sources = record.listing.sources.filter((source) => source !== failed);
      const taking: Taking = { record, target: { account, destination: record.destination }, start: true, sources: [], uploads: [...record.listing.uploads] };
      await this.#takeFolder(taking, failed.path, new Map(sources.filter(({ problem }) => !problem).map(({ name, path: other }) => [name, other])));
      await this.#listed({ ...taking, sources: [...sources, ...taking.sources.length > 0 ? taking.sources : [failed]] });
    });
  }

  /** Ends the reading of a folder; it goes off the list. */
  cancelReading(sourceId: string): void {
    this.#reading.get(sourceId)?.abort();
  }

  /** A folder is read again only once all of its drop was looked at. */
  #inTurn(dropId: string, look: () => Promise<void>): Promise<void> {
    const looking = (this.#listing.get(dropId) ?? Promise.resolve()).then(look).finally(() => {
      if (this.#listing.get(dropId) === looking) this.#listing.delete(dropId);
    });
    this.#listing.set(dropId, looking);
    return looking;
  }

  async #listed({ record, sources, uploads: found }: Taking): Promise<void> {
    const { list, journal, signal, onProblem } = this.#options;
    if (signal.aborted) return;
    // Some may have been moved meanwhile.
    const uploads = found.map((upload) => ({ ...upload, order: list.upload(upload.id)?.order ?? upload.order }));
    await journal.listed(record.id, { sources: [...sources], uploads }).catch(onProblem);
  }

  #record(id: string, paths: readonly string[], { account, destination }: DropTarget, name: string | null): DropRecord {
    return {
      version: 1, id, name,
      addedAtMs: this.#options.now(),
      account: { id: account.id, label: account.label, cosDomain: account.cosDomain },
      destination: { ...destination },
      paths: [...new Set(paths.map((dropped) => path.resolve(dropped)))],
      waits: false,
      listing: null,
    };
  }

  /** One that cannot be kept is sent all the same. */
  async #begin(record: DropRecord): Promise<void> {
    await this.#options.journal.begin(record).catch(this.#options.onProblem);
  }

  /** One object: an archive as it is, anything else packed. */
  async #takeForCar(taking: Taking): Promise<void> {
    const { id, paths, name: asked } = taking.record;
    const [only] = paths;
    if (only === undefined) return;
    const { kind, name, packed, size } = await carObject(paths, asked);
    const source: NewSource = { id: sourceIdOf(id, ''), name: paths.length === 1 ? path.basename(only) : name, kind, path: only };
    this.#addAlone(taking, source, { id: uploadIdOf(source.id, ''), planned: { name, paths, packed, sizeHint: size } });
  }

  /** One object a file. Files first: a large folder must not hold them back while it is read. */
  async #takeForMs(taking: Taking): Promise<void> {
    const { id, paths, name: asked } = taking.record;
    const names = new Map<string, string>();
    const folders: string[] = [];
    for (const dropped of paths) {
      const described = await tryToDescribe(dropped);
      if (this.#options.signal.aborted) return;
      if (described?.kind === 'folder') {
        folders.push(dropped);
        continue;
      }
      const name = asked ?? path.basename(dropped);
      const source: NewSource = { id: sourceIdOf(id, dropped), name, kind: 'file', path: dropped };
      const upload = { id: uploadIdOf(source.id, dropped), planned: { name, paths: [dropped], packed: false, sizeHint: described?.size ?? null } };
      const other = names.get(name);
      this.#addAlone(taking, source, other === undefined ? upload : { ...upload, problem: duplicate(name, other) });
      names.set(name, dropped);
    }
    await Promise.all(folders.map((folder) => this.#takeFolder(taking, folder, names)));
  }

  async #takeFolder(taking: Taking, folder: string, names: Map<string, string>): Promise<void> {
    const { list, journal, signal: quitting, onProblem } = this.#options;
    const { id: dropId, name: asked } = taking.record;
    const source: NewSource = { id: sourceIdOf(dropId, folder), name: path.basename(folder), kind: 'folder', path: folder };
    const clash = names.get(source.name);
    names.set(source.name, folder);
    if (this.#hasEnded(source.id, source.id)) return;
    const view = this.#show(taking, source, 'reading');
    const reading = new AbortController();
    this.#reading.set(source.id, reading);
    const settle = (leftOut: readonly LeftOut[], problem: Problem | null): void => {
      const settled = { ...withLeftOut(list.source(source.id) ?? view, leftOut), phase: problem ? 'failed' : 'ready', problem } as const;
      list.setSource(settled);
      taking.sources.push({ ...source, problem, leftOut: settled.leftOut.map((item) => ({ ...item })), leftOutCount: settled.leftOutCount });
    };
    try {
      if (clash !== undefined) throw new FerryError(duplicate(source.name, clash));
      const signal = AbortSignal.any([quitting, reading.signal]);
      const listing = await listFolder(folder, signal);
      // Stopped while the last of it was read.
      signal.throwIfAborted();
      const inFolder = (name: string): string => asked === null ? name : `${asked}${name.slice(source.name.length)}`;
      const before = taking.uploads.length;
      for (const { name, path: file, size, mtimeMs } of listing.files) {
        this.#add(taking, source, { id: uploadIdOf(source.id, file), planned: { name: inFolder(name), paths: [file], packed: false, sizeHint: size, modifiedHintMs: mtimeMs } });
      }
      for (const { name, problem } of listing.failed) {
        const file = path.join(path.dirname(folder), ...name.split('/'));
        this.#add(taking, source, { id: uploadIdOf(source.id, file), planned: { name: inFolder(name), paths: [file], packed: false, sizeHint: null }, problem });
      }
      const found = listing.files.length + listing.failed.length;
      if (found === 0) settle(listing.leftOut, new FerryError({ code: 'source-nothing-to-send', params: { name: source.name } }).problem);
      else if (taking.uploads.length > before) settle(listing.leftOut, null);
      else this.#takeOff(view);
    } catch (error) {
      if (quitting.aborted) return;
      if (reading.signal.aborted) {
        this.#takeOff(view);
        journal.end(source.id).catch(onProblem);
      } else {
        settle([], toProblem(error));
      }
    } finally {
      this.#reading.delete(source.id);
    }
  }

  /** A source of which nothing was found; uploads that an earlier process had begun keep theirs. */
  #takeOff(view: SourceView): void {
    const { list } = this.#options;
    if ([...list.all()].some(({ sourceId }) => sourceId === view.id)) list.setSource({ ...(list.source(view.id) ?? view), phase: 'ready' });
    else list.removeSource(view.id);
  }

  /** The only upload of its source. */
  #addAlone(taking: Taking, source: NewSource, added: Added): void {
    if (this.#hasEnded(source.id, added.id)) return;
    if (!this.#options.list.source(source.id)) this.#show(taking, source, 'ready');
    taking.sources.push({ ...source, problem: null, leftOut: [], leftOutCount: 0 });
    this.#add(taking, source, added);
  }

  #add(taking: Taking, source: NewSource, { id, planned, problem }: Added): void {
    const { list, journal, isKnown, nextOrder, now, enqueue } = this.#options;
    if (this.#hasEnded(source.id, id)) return;
    const { target: { account, destination }, start } = taking;
    const failure = problem ? { startedAtMs: null, finishedAtMs: now(), problem } : null;
    const order = list.upload(id)?.order ?? nextOrder();
    taking.uploads.push({ ...planned, paths: [...planned.paths], id, sourceId: source.id, order, failure });
    if (isKnown(id)) return;
    const standing = journal.of(source.id)?.standings.get(id) ?? { intent: failure ? 'failed' : 'running', failure };
    const plan = { ...planned, account, destination, origin: { name: source.name, path: source.path }, lane: laneOf({ account, destination }, planned.name) };
    const upload = newUpload(id, source.id, order, plan, restoredState(standing, account, start));
    list.add(upload);
    if (upload.state.phase === 'waiting') enqueue(upload);
  }

  #hasEnded(sourceId: string, id: string): boolean {
    return this.#options.journal.of(sourceId)?.ended.has(id) ?? false;
  }

  #show({ record, target: { account } }: Taking, { id, name, kind }: NewSource, phase: 'reading' | 'ready'): SourceView {
    const source: SourceView = {
      id, name, kind, phase,
      service: record.destination.service, destination: record.destination,
      accountId: account.id,
      accountLabel: account.label,
      prefixes: this.#options.journal.of(id)?.prefixes.get(id) ?? [],
      problem: null,
      leftOut: [],
      leftOutCount: 0,
      addedAtMs: record.addedAtMs,
    };
    this.#options.list.setSource(source);
    return source;
  }
}

function duplicate(name: string, other: string): Problem {
  return { code: 'duplicate-object', params: { name, other } };
}
