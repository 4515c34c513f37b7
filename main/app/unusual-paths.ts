import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { isBeyondDrives, isPrivatePlace, type Places } from './private-place.ts';

const lookedAtAtOnce = 64;

/**
 * Tells which paths the person has to be asked about: those in private places, links followed, and
 * on Windows those of other computers, until something of the same share was agreed to. Those are
 * not even looked at before.
 */
export class UnusualPaths {
  readonly #places: Places;
  readonly #linkEnd: (path: string) => Promise<string>;
  readonly #agreedShares = new Set<string>();

  constructor(places: Places, linkEnd: (path: string) => Promise<string> = realpath) {
    this.#places = places;
    this.#linkEnd = linkEnd;
  }

  async among(paths: readonly string[]): Promise<readonly string[]> {
    const unusual: string[] = [];
    for (let start = 0; start < paths.length; start += lookedAtAtOnce) {
      const some = paths.slice(start, start + lookedAtAtOnce);
      const are = await Promise.all(some.map((one) => this.#isUnusual(one)));
      unusual.push(...some.filter((_, index) => are[index]));
    }
    return unusual;
  }

  /** The person has said yes to them. */
  agreedTo(paths: readonly string[]): void {
    for (const one of paths) if (this.isElsewhere(one)) this.#agreedShares.add(shareOf(one));
  }

  isElsewhere(one: string): boolean {
    return isBeyondDrives(one, this.#places.platform);
  }

  async #isUnusual(one: string): Promise<boolean> {
    if (this.isElsewhere(one) && !this.#agreedShares.has(shareOf(one))) return true;
    if (isPrivatePlace(one, this.#places)) return true;
    // A link is as private as what it leads to.
    return isPrivatePlace(await this.#linkEnd(one).catch(() => one), this.#places);
  }
}

function shareOf(one: string): string {
  return path.win32.parse(path.win32.normalize(one)).root.toLowerCase();
}
