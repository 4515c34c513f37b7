/** What a screen reader is told in words because the eye sees it without any. */
export class Announcer {
  #text = $state('');

  get text(): string {
    return this.#text;
  }

  say(text: string): void {
    this.#text = text;
  }
}
