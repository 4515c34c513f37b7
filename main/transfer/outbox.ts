// So few that a thread begins with the first while the other still makes the rest of them: with all at once they take turns, and each waits for the other.
const together = 16;

/** What one thread has to tell another, told in lists: many small files mean many messages, and waking the other costs more than they do. */
export class Outbox<Message> {
  readonly #post: (messages: readonly Message[]) => void;
  #messages: Message[] = [];

  constructor(post: (messages: readonly Message[]) => void) {
    this.#post = post;
  }

  /** Told in order, before what is to be done next in this thread has begun, or with a whole list. */
  add(message: Message): void {
    this.#messages.push(message);
    if (this.#messages.length === together) this.#empty();
    else if (this.#messages.length === 1) setImmediate(() => { this.#empty(); });
  }

  #empty(): void {
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    this.#messages = [];
    this.#post(messages);
  }
}
