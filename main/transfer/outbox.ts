import { lanes } from './md5-code.ts';

// As many as are hashed together. With all that is in flight in one list the threads would take turns, each waiting for the other.
const together = lanes;

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
