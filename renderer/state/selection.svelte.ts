/** Which rows are selected, by id, the way file managers do it. */
export class Selection {
  #ids = $state.raw<ReadonlySet<string>>(new Set());
  /** Where a range begins that Shift extends. */
  #anchor: string | null = null;

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  only(id: string): void {
    this.#anchor = id;
    this.#ids = new Set([id]);
  }

  toggle(id: string): void {
    this.#anchor = id;
    const ids = new Set(this.#ids);
    if (!ids.delete(id)) ids.add(id);
    this.#ids = ids;
  }

  /** Everything from where the range began, or from `from` where none did, to this row. */
  extend(order: readonly string[], id: string, from: string | null): void {
    if (this.#anchor === null || !order.includes(this.#anchor)) this.#anchor = from ?? id;
    const [start, end] = [order.indexOf(this.#anchor), order.indexOf(id)].sort((a, b) => a - b);
    this.#ids = new Set(order.slice(Math.max(0, start ?? 0), (end ?? 0) + 1));
  }

  all(order: readonly string[]): void {
    this.#ids = new Set(order);
  }

  clear(): void {
    this.#anchor = null;
    this.#ids = new Set();
  }
}
