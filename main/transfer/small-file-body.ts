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
    const { reply } = await this.#crew.put(this.#file, {
      ...send,
      onSent: (bytes, read) => {
        if (read && bytes === read.bytes) this.#sent = read;
        send.onSent?.(bytes, read);
      },
    });
    return reply;
  }
}
