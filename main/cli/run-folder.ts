import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { RunLock } from './run-lock.ts';

/**
 * A process's own place in the state folder: the journal of its uploads. What a process leaves there
 * is taken over by the next one that resumes, so no upload is ever worked on by two.
 */
export class RunFolder {
  readonly directory: string;
  readonly #lock: RunLock;

  private constructor(directory: string, lock: RunLock) {
    this.directory = directory;
    this.#lock = lock;
  }

  /** A new and empty one. Throws the system's error where it cannot be made. */
  static async create(stateDirectory: string): Promise<RunFolder> {
    for (;;) {
      const directory = path.join(runsOf(stateDirectory), randomUUID());
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const lock = await RunLock.take(directory);
      // In the moment before it was locked, another process may have taken it for one that was left.
      if (lock) return new RunFolder(directory, lock);
    }
  }

  /** All that was left by processes that are gone, in one; `busy` where others are at work. */
  static async takeOver(stateDirectory: string): Promise<{ readonly folder: RunFolder; readonly busy: boolean }> {
    const others = await runFolders(stateDirectory);
    const folder = await RunFolder.create(stateDirectory);
    let busy = false;
    for (const directory of others) {
      const lock = await RunLock.take(directory);
      if (lock) await moveAll(directory, folder.directory, lock);
      else if (await RunLock.isHeld(directory)) busy = true;
    }
    return { folder, busy };
  }

  /** Lets go of it; where nothing is left in it, it goes. */
  async release(): Promise<void> {
    const left = (await readdir(this.directory)).filter((name) => !isLock(name));
    await this.#lock.release();
    if (left.length === 0) await rmdir(this.directory).catch(() => undefined);
  }
}

/** Every process's folder, those at work included. */
export async function runFolders(stateDirectory: string): Promise<readonly string[]> {
  const runs = runsOf(stateDirectory);
  const names = await readdir(runs).catch(() => []);
  return names.map((name) => path.join(runs, name));
}

async function moveAll(from: string, to: string, lock: RunLock): Promise<void> {
  const names = (await readdir(from)).filter((name) => !isLock(name));
  for (const name of names) await rename(path.join(from, name), path.join(to, name));
  await lock.release();
  await rm(from, { recursive: true, force: true });
}

function isLock(name: string): boolean {
  return name === 'lock' || name.startsWith('lock.');
}

function runsOf(stateDirectory: string): string {
  return path.join(stateDirectory, 'runs');
}
