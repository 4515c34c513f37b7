/** What a screen reader is told in words because the eye sees it without any. */
export class Announcer {
  #said = $state.raw<readonly string[]>([]);

  /** What to say now: another array each time, since the same words again are to be heard again. */
  get said(): readonly string[] {
    return this.#said;
  }

  say(...texts: readonly string[]): void {
    this.#said = texts;
  }
}
