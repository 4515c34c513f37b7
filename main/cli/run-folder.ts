import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { RunLock } from './run-lock.ts';

// In front of the name of a folder that is being made.
const unseenMark = '.';

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
    const runs = runsOf(stateDirectory);
    for (;;) {
      const name = randomUUID();
      const unseen = path.join(runs, `${unseenMark}${name}`);
      await mkdir(unseen, { recursive: true, mode: 0o700 });
      // Locked before it has its name, nobody takes it for one that was left, and no race has to be waited out.
      const lock = await RunLock.begin(unseen, path.join(runs, name));
      if (lock) return new RunFolder(path.join(runs, name), lock);
    }
  }

  /** All that was left by processes that are gone, in one; `busy` where others are at work. */
  static async takeOver(stateDirectory: string): Promise<{ readonly folder: RunFolder; readonly busy: boolean }> {
    const others = await runFolders(stateDirectory);
    await clearUnseen(stateDirectory);
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
  return (await everyFolder(stateDirectory)).filter((folder) => !isUnseen(folder));
}

async function everyFolder(stateDirectory: string): Promise<readonly string[]> {
  const runs = runsOf(stateDirectory);
  const names = await readdir(runs).catch(() => []);
  return names.map((name) => path.join(runs, name));
}

/** Takes away what a process left that ended while it made its folder. */
async function clearUnseen(stateDirectory: string): Promise<void> {
  for (const folder of (await everyFolder(stateDirectory)).filter(isUnseen)) {
    if (!await RunLock.isHeld(folder)) await rm(folder, { recursive: true, force: true });
  }
}

function isUnseen(folder: string): boolean {
  return path.basename(folder).startsWith(unseenMark);
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
