import type { DropLine, DropListing, DropRecord, OpenDrop, Standing } from './drop-record.ts';

/** A drop as its journal knows it: the record, and what the lines of its log come to. */
export class KeptDrop implements OpenDrop {
  record: DropRecord;
  readonly ended = new Set<string>();
  readonly standings = new Map<string, Standing>();
  readonly prefixes = new Map<string, readonly string[]>();
  /** Lines that are not on disk yet, and when they will be. */
  unwritten: string[] = [];
  writing: Promise<void> = Promise.resolve();
  readonly #open = new Set<string>();
  #planned: { readonly listing: DropListing; readonly orders: ReadonlyMap<string, number> } | null = null;

  constructor(record: DropRecord) {
    this.record = record;
  }

  read(lines: readonly DropLine[]): void {
    for (const line of lines) this.take(line);
  }

  take(line: DropLine): void {
    if ('ended' in line) {
      this.ended.add(line.ended);
      this.standings.delete(line.ended);
      this.#open.delete(line.ended);
    } else if ('source' in line) {
      const known = this.prefixes.get(line.source) ?? [];
      if (!known.includes(line.prefix)) this.prefixes.set(line.source, [...known, line.prefix]);
    } else {
      // Also one that had ended: a person may take a cancel back.
      if (this.ended.delete(line.id)) this.#open.add(line.id);
      this.standings.set(line.id, line);
    }
  }

  /** Whether a line of this says anything that is not known. */
  isNews({ id, order, intent, failure }: Standing): boolean {
    const known = this.standings.get(id);
    if (known) return known.intent !== intent || known.order !== order || known.failure?.finishedAtMs !== failure?.finishedAtMs;
    return this.ended.has(id) || intent !== 'running' || order !== (this.#orders().get(id) ?? order);
  }

  /** Nothing is left to do of anything in it. */
  isOver(): boolean {
    this.#orders();
    return this.record.listing !== null && this.#open.size === 0;
  }

  /** The places of its uploads as they were listed. Counts, the first time, what is open. */
  #orders(): ReadonlyMap<string, number> {
    const { listing } = this.record;
    if (!listing) return new Map();
    if (this.#planned?.listing === listing) return this.#planned.orders;
    const orders = new Map(listing.uploads.map(({ id, order }) => [id, order]));
    const withUploads = new Set(listing.uploads.map(({ sourceId }) => sourceId));
    const without = listing.sources.filter(({ id }) => !withUploads.has(id)).map(({ id }) => id);
    this.#open.clear();
    for (const id of [...orders.keys(), ...without]) if (!this.ended.has(id)) this.#open.add(id);
    this.#planned = { listing, orders };
    return orders;
  }
}
