/** What gets the focus where nothing of its row is left: the first of these that can have it. */
const nearest = ['dialog[open] :is(input, button):enabled', '[role=row][tabindex="0"]'];
const anywhere = [
  ...nearest,
  '[data-focus-next=undo]',
  '[data-focus-next=choose]',
  'main :is(button, input):enabled',
  'button:enabled',
];

/** A row that was out of sight is on the page some frames later. */
const patientFrames = 10;
const mostFrames = 20;

/**
 * Leaves nobody who works by keyboard nowhere: a browser takes the focus from an element that
 * changes its place in the document, is disabled or is removed. It is given back, else to the row
 * around it, else to what comes next.
 */
export class FocusNet {
  #places: readonly HTMLElement[] = [];
  #isCatching = false;

  readonly focusIn = (event: FocusEvent): void => {
    this.#places = placesOf(event.target);
  };

  /** A press on what takes no focus takes it away on purpose. */
  readonly press = (event: PointerEvent): void => {
    if (event.target instanceof Element && !event.target.closest(':is(button, input):enabled, a, summary, label, [tabindex]')) this.#places = [];
  };

  /** Looks after the document; answers how to stop. */
  watch(): () => void {
    const observer = new MutationObserver(() => {
      if (this.#isLost() && !this.#isCatching) void this.#catch();
    });
    observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled', 'hidden'] });
    return () => observer.disconnect();
  }

  /** A disabled element keeps the focus until the next frame, but is no use to anybody. */
  #isLost(): boolean {
    const [last] = this.#places;
    return last !== undefined && (document.activeElement === null || document.activeElement === document.body || last.matches(':disabled'));
  }

  async #catch(): Promise<void> {
    this.#isCatching = true;
    for (let frame = 0; frame < mostFrames && this.#isLost(); frame++) {
      const waitsForRow = frame < patientFrames && document.querySelector('[role=grid]') !== null;
      if (focusFirst([...this.#places, ...(waitsForRow ? nearest : anywhere).flatMap((selector) => firstShown(selector) ?? [])])) break;
      await new Promise(requestAnimationFrame);
    }
    this.#isCatching = false;
  }
}

/** An element, and the rows around it. */
export function placesOf(target: EventTarget | null): readonly HTMLElement[] {
  const places: HTMLElement[] = [];
  for (let place = target; place instanceof HTMLElement && place !== document.body; place = place.parentElement?.closest<HTMLElement>('[role=row], li') ?? null) places.push(place);
  return places;
}

/** Gives the focus to the first that takes it, or to what is in it; true where one did. */
export function focusFirst(places: readonly HTMLElement[]): boolean {
  return places.some((place, index) => {
    const taker = place.matches('li:not([tabindex])') ? place.querySelector<HTMLElement>('button:enabled') : place;
    if (!taker || taker.matches(':disabled')) return false;
    taker.focus({ preventScroll: true });
    if (document.activeElement !== taker) return false;
    // What has only changed its place is not followed there.
    if (index > 0) taker.scrollIntoView({ block: 'nearest' });
    return true;
  });
}

function firstShown(selector: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(selector)].find((element) => element.checkVisibility());
}
