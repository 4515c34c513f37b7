import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { Destination, LeftOut, Problem, SourceView } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import { describePath } from '../package/describe-path.ts';
import { listFolder } from '../package/list-folder.ts';
import { isArchiveName, packageName } from '../package/package-name.ts';
import { newUpload, type Upload, type UploadPlan } from './upload.ts';
import type { UploadList } from './upload-list.ts';
import { isRunning, waiting } from './upload-state.ts';

export interface DropTarget {
  readonly account: Account;
  readonly destination: Destination;
}

type Planned = Omit<UploadPlan, 'account' | 'destination' | 'lane' | 'origin'>;

export interface DropsOptions {
  readonly list: UploadList;
  readonly enqueue: (upload: Upload) => void;
  readonly now: () => number;
  /** The place in the queue behind all others. */
  readonly nextOrder: () => number;
  /** Ends the listing of folders when the app quits. */
  readonly signal: AbortSignal;
}

const mostLeftOutShown = 100;

/** Turns what a person dropped into sources and uploads. What is wrong with a path shows in its own row and stops no other. */
export class Drops {
  readonly #options: DropsOptions;
  readonly #reading = new Map<string, AbortController>();

  constructor(options: DropsOptions) {
    this.#options = options;
  }

  /** `name` replaces the one the object, the package, or the folder in front of its files would have. Settles when all uploads are in the list. */
  async take(paths: readonly string[], target: DropTarget, name: string | null = null): Promise<void> {
    this.#options.signal.throwIfAborted();
    const unique = [...new Set(paths.map((dropped) => path.resolve(dropped)))];
    if (target.destination.service === 'car') await this.#takeForCar(unique, target, name);
    else await this.#takeForMs(unique, target, name);
  }

  /** Ends the reading of a folder; it goes off the list. */
  cancelReading(sourceId: string): void {
    this.#reading.get(sourceId)?.abort();
  }

  /** One object: an archive as it is, anything else packed. */
  async #takeForCar(paths: readonly string[], target: DropTarget, asked: string | null): Promise<void> {
    const [only] = paths;
    if (only === undefined) return;
    const described = paths.length === 1 ? await describe(only) : null;
    const asIs = described?.kind !== 'folder' && paths.length === 1 && isArchiveName(path.basename(only));
    const usual = asIs ? path.basename(only) : packageName(await Promise.all(paths.map(async (dropped) => ({ path: dropped, kind: (await describe(dropped))?.kind ?? 'file' }))));
    const name = asked === null ? usual : withSuffix(asked, asIs ? path.extname(only) : '.zip');
    const source = this.#addSource({
      name: paths.length === 1 ? path.basename(only) : name,
      kind: paths.length > 1 ? 'selection' : described?.kind ?? 'file',
    }, target);
    this.#addUpload(source, target, { name, paths, packed: !asIs, sizeHint: described?.kind === 'file' ? described.size : null });
  }

  /** One object a file. Files first: a large folder must not hold them back while it is read. */
  async #takeForMs(paths: readonly string[], target: DropTarget, asked: string | null): Promise<void> {
    const names = new Map<string, string>();
    const folders: string[] = [];
    for (const dropped of paths) {
      const described = await describe(dropped);
      if (described?.kind === 'folder') {
        folders.push(dropped);
        continue;
      }
      const name = asked ?? path.basename(dropped);
      const source = this.#addSource({ name, kind: 'file' }, target);
      const upload = { name, paths: [dropped], packed: false, sizeHint: described?.size ?? null };
      const other = names.get(name);
      if (other === undefined) this.#addUpload(source, target, upload);
      else this.#addFailed(source, target, upload, new FerryError({ code: 'duplicate-object', params: { name, other } }).problem);
      names.set(name, dropped);
    }
    await Promise.all(folders.map((folder) => this.#takeFolder(folder, target, names, asked)));
  }

  async #takeFolder(folder: string, target: DropTarget, names: Map<string, string>, asked: string | null): Promise<void> {
    const source = this.#addSource({ name: path.basename(folder), kind: 'folder', phase: 'reading' }, target);
    const reading = new AbortController();
    this.#reading.set(source.id, reading);
    const clash = names.get(source.name);
    names.set(source.name, folder);
    try {
      if (clash !== undefined) throw new FerryError({ code: 'duplicate-object', params: { name: source.name, other: clash } });
      const signal = AbortSignal.any([this.#options.signal, reading.signal]);
      const listing = await listFolder(folder, signal);
      // Stopped while the last of it was read.
      signal.throwIfAborted();
      const inFolder = (name: string): string => asked === null ? name : `${asked}${name.slice(source.name.length)}`;
      for (const file of listing.files) {
        this.#addUpload(source, target, { name: inFolder(file.name), paths: [file.path], packed: false, sizeHint: file.size }, folder);
      }
      for (const { name, problem } of listing.failed) {
        const file = path.join(path.dirname(folder), ...name.split('/'));
        this.#addFailed(source, target, { name: inFolder(name), paths: [file], packed: false, sizeHint: null }, problem, folder);
      }
      const nothing = listing.files.length + listing.failed.length === 0;
      this.#settleSource(source, listing.leftOut, nothing ? new FerryError({ code: 'source-nothing-to-send', params: { name: source.name } }).problem : null);
    } catch (error) {
      if (this.#options.signal.aborted) return;
      if (reading.signal.aborted) this.#options.list.removeSource(source.id);
      else this.#settleSource(source, [], toProblem(error));
    } finally {
      this.#reading.delete(source.id);
    }
  }

  #addSource(what: Pick<SourceView, 'name' | 'kind'> & { readonly phase?: 'reading' }, target: DropTarget): SourceView {
    const source: SourceView = {
      id: randomUUID(),
      name: what.name,
      kind: what.kind,
      service: target.destination.service,
      accountId: target.account.id,
      accountLabel: target.account.label,
      prefixes: [],
      phase: what.phase ?? 'ready',
      problem: null,
      leftOut: [],
      leftOutCount: 0,
      addedAtMs: this.#options.now(),
    };
    this.#options.list.setSource(source);
    return source;
  }

  #settleSource(source: SourceView, leftOut: readonly LeftOut[], problem: Problem | null): void {
    this.#options.list.setSource({ ...withLeftOut(source, leftOut), phase: problem ? 'failed' : 'ready', problem });
  }

  #addUpload(source: SourceView, target: DropTarget, plan: Planned, origin?: string): void {
    const upload = this.#newUpload(source, target, plan, origin);
    this.#options.list.add(upload);
    this.#options.enqueue(upload);
  }

  #addFailed(source: SourceView, target: DropTarget, plan: Planned, problem: Problem, origin?: string): void {
    const upload = this.#newUpload(source, target, plan, origin);
    this.#options.list.add(upload);
    this.#options.list.dispatch(upload, { type: 'started', atMs: this.#options.now() });
    if (isRunning(upload.state)) this.#options.list.dispatch(upload, { type: 'failed', atMs: this.#options.now(), problem, leftBehind: null });
  }

  #newUpload(source: SourceView, target: DropTarget, plan: Planned, origin = plan.paths[0] ?? ''): Upload {
    return newUpload(randomUUID(), source.id, this.#options.nextOrder(), {
      ...plan, ...target, origin: { name: source.name, path: origin }, lane: laneOf(target, plan.name),
    }, waiting);
  }
}

/** A name that ends as it must: the service tells an archive by its suffix. */
function withSuffix(name: string, suffix: string): string {
  return name.toLowerCase().endsWith(suffix.toLowerCase()) ? name : name + suffix;
}

/** Two uploads that may write the same object share a lane. */
export function laneOf({ account, destination }: DropTarget, name: string): string {
  return destination.service === 'car' ? `${account.id}|car|${destination.applicationId}` : `${account.id}|ms|${name}`;
}

/** The source with what was left out of it; only the first hundred travel to the window. */
export function withLeftOut(source: SourceView, leftOut: readonly LeftOut[]): SourceView {
  return { ...source, leftOut: leftOut.slice(0, mostLeftOutShown), leftOutCount: leftOut.length };
}

/** null where the path cannot be looked at: its upload fails with the reason, in its own row. */
async function describe(dropped: string): Promise<{ readonly kind: 'file' | 'folder'; readonly size: number } | null> {
  try {
    return await describePath(dropped);
  } catch {
    return null;
  }
}
