/**
 * Which of the row elements on the page is whose. A row keeps its own as long as it is there; what
 * comes in gets those of what has gone, since to change a row costs a fraction of building one.
 */
export class RowSlots {
  #slots = new Map<string, number>();
  #last = 0;

  /** Slots for these IDs, in their order. Nobody inherits the slot of an ID for which `keeps` is true: it goes with it. */
  assign(ids: readonly string[], keeps: (id: string) => boolean): readonly number[] {
    const wanted = new Set(ids);
    const left = [...this.#slots].flatMap(([id, slot]) => (wanted.has(id) || keeps(id) ? [] : [slot]));
    const slots = new Map<string, number>();
    for (const id of ids) slots.set(id, this.#slots.get(id) ?? left.shift() ?? ++this.#last);
    this.#slots = slots;
    return [...slots.values()];
  }
}
