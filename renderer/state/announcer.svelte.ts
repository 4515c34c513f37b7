/** What a screen reader is told in words because the eye sees it without any. */
export class Announcer {
  #sentences = $state.raw<readonly string[]>([]);
  #turn = $state(0);

  get sentences(): readonly string[] {
    return this.#sentences;
  }

  /** Another one each time, so that the same words are heard again when they are said again. */
  get turn(): number {
    return this.#turn;
  }

  say(...sentences: readonly string[]): void {
    this.#sentences = sentences;
    this.#turn += 1;
  }
}
