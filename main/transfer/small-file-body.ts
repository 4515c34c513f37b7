import type { HttpReply } from '../http-agents.ts';
import type { NamedFile } from '../package/source-file.ts';
import type { Body } from './object-store.ts';
import type { CrewSend, SendCrew } from './send-crew.ts';
import type { FileRead } from './send-messages.ts';

/** A small file that is read again by every try to send it. */
export class SmallFileBody implements Body {
  readonly bytes = null;
  readonly md5 = null;
  readonly #file: NamedFile;
  readonly #crew: SendCrew;
  #sent: FileRead | null = null;

  constructor(file: NamedFile, crew: SendCrew) {
    this.#file = file;
    this.#crew = crew;
  }

  /** What it was in the last try in which every byte of it was handed over; null where there was none. */
  get sent(): FileRead | null {
    return this.#sent;
  }

  async send(send: CrewSend): Promise<HttpReply> {
    const { reply, read } = await this.#crew.put(this.#file, {
      ...send,
      onSent: (bytes, reading) => {
        if (bytes === reading?.bytes) this.#sent = reading;
        send.onSent?.(bytes, reading);
      },
    });
    this.#sent = read;
    return reply;
  }
}
