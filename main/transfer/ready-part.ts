import type { HttpReply } from '../http-agents.ts';
import type { Body } from './object-store.ts';
import type { PartBuffer } from './part-buffers.ts';
import type { CrewSend, SendCrew } from './send-crew.ts';
import type { PartHashes } from './send-messages.ts';

/** The bytes of a part with their hashes, ready to be sent as often as it takes, until they are let go. */
export class ReadyPart implements Body {
  readonly bytes: number;
  readonly md5: string;
  readonly crc64: bigint;
  readonly #buffer: PartBuffer;
  readonly #crew: SendCrew;
  #released = false;

  constructor(buffer: PartBuffer, bytes: number, { md5, crc64 }: PartHashes, crew: SendCrew) {
    this.#buffer = buffer;
    this.bytes = bytes;
    this.md5 = md5;
    this.crc64 = crc64;
    this.#crew = crew;
  }

  /** The MD5 as an ETag has it. */
  get md5Hex(): string {
    return Buffer.from(this.md5, 'base64').toString('hex');
  }

  send(send: CrewSend): Promise<HttpReply> {
    return this.#crew.send(this.#buffer, this.bytes, send);
  }

  /** Its memory is for others now. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#buffer.release();
  }
}
