/**
 * Which of the row elements on the page is whose. A row keeps its own as long as it is there; what
 * comes in gets those of what has gone, since to change a row costs a fraction of building one.
 */
export class RowSlots {
  #slots = new Map<string, number>();
  #last = 0;

  /**
   * Slots for these IDs, in their order. Nobody inherits the slot of an ID for which `keeps` is true: it goes with it.
   * Where `pinned` is true the element itself never moves: what comes in before it inherits from what went before it.
   */
  assign(ids: readonly string[], keeps: (id: string) => boolean, pinned: (id: string) => boolean = () => false): readonly number[] {
    const wanted = new Set(ids);
    const left = new Map<string | null, number[]>();
    let pin: string | null = null;
    for (const [id, slot] of this.#slots) {
      if (wanted.has(id)) pin = pinned(id) ? id : pin;
      else if (!keeps(id)) left.set(pin, [...left.get(pin) ?? [], slot]);
    }
    const slots = new Map<string, number>();
    pin = null;
    for (const id of ids) {
      const own = this.#slots.get(id);
      if (own !== undefined && pinned(id)) pin = id;
      slots.set(id, own ?? left.get(pin)?.shift() ?? ++this.#last);
    }
    this.#slots = slots;
    return [...slots.values()];
  }
}
