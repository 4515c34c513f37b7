import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pidSpace } from './pid-space.ts';

const touchEveryMs = 2_000;
// Long enough for a computer that is very busy.
const staleAfterMs = 20_000;
const raceMs = 100;

/**
 * Says that a process works on a folder. It ends with the process: by its pid on the same computer,
 * and, since a pid means nothing in another container and is given out again, by a file it touches.
 */
export class RunLock {
  readonly #file: string;
  readonly #touching: NodeJS.Timeout;

  private constructor(file: string) {
    this.#file = file;
    this.#touching = setInterval(() => {
      const now = new Date();
      utimes(file, now, now).catch(() => undefined);
    }, touchEveryMs);
    this.#touching.unref();
  }

  /** Locks a folder that nobody else can see yet and gives it its name. null where it was cleared away before. Throws the system's error where nothing can be written. */
  static async begin(unseen: string, folder: string): Promise<RunLock | null> {
    try {
      await writeFile(path.join(unseen, 'lock'), owner(), { mode: 0o600 });
      await rename(unseen, folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    return new RunLock(path.join(folder, 'lock'));
  }

  /** null where another process holds it. Throws the system's error where nothing can be written. */
  static async take(folder: string): Promise<RunLock | null> {
    const file = path.join(folder, 'lock');
    if (await isHeld(file)) return null;
    const mine = owner();
    const temporary = `${file}.${randomUUID()}`;
    try {
      await writeFile(temporary, mine, { mode: 0o600 });
      await rename(temporary, file);
      // Another may have found it free as well: who came last has it.
      await sleep(raceMs);
      return await readFile(file, 'utf8') === mine ? new RunLock(file) : null;
    } catch (error) {
      await rm(temporary, { force: true });
      // The folder was moved away by who came first.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  static async isHeld(folder: string): Promise<boolean> {
    return isHeld(path.join(folder, 'lock'));
  }

  async release(): Promise<void> {
    clearInterval(this.#touching);
    await rm(this.#file, { force: true });
  }
}

function owner(): string {
  return JSON.stringify({ pid: process.pid, host: pidSpace(), id: randomUUID() });
}

async function isHeld(file: string): Promise<boolean> {
  try {
    const { pid, host } = JSON.parse(await readFile(file, 'utf8')) as { pid?: unknown; host?: unknown };
    const { mtimeMs } = await stat(file);
    const fresh = Math.abs(Date.now() - mtimeMs) < staleAfterMs;
    return fresh && (host !== pidSpace() || (typeof pid === 'number' && pid !== process.pid && isAlive(pid)));
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
