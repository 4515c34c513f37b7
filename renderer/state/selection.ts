/** Which rows are selected, by id, the way file managers do it. Every change answers a new one. */
export class Selection {
  static readonly none = new Selection(new Set(), null);

  readonly ids: ReadonlySet<string>;
  /** Where a range begins that Shift extends. */
  readonly #anchor: string | null;

  private constructor(ids: ReadonlySet<string>, anchor: string | null) {
    this.ids = ids;
    this.#anchor = anchor;
  }

  static only(id: string): Selection {
    return new Selection(new Set([id]), id);
  }

  static all(order: readonly string[]): Selection {
    return new Selection(new Set(order), null);
  }

  toggled(id: string): Selection {
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    return new Selection(ids, id);
  }

  /** Everything from where the range began, or from `from` where none did, to this row. */
  extended(order: readonly string[], id: string, from: string | null): Selection {
    const anchor = this.#anchor !== null && order.includes(this.#anchor) ? this.#anchor : from ?? id;
    const [start = 0, end = 0] = [order.indexOf(anchor), order.indexOf(id)].sort((a, b) => a - b);
    return new Selection(new Set(order.slice(Math.max(0, start), end + 1)), anchor);
  }
}
