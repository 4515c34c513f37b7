import { open, type Entry, type ZipFile } from 'yauzl';

/** What a ready zip says that it holds. */
export interface ZipListing {
  /** Files and folders, with forward slashes; folders end in one. */
  readonly names: readonly string[];
  /** False where it holds more than was looked at. */
  readonly isWhole: boolean;
}

const mostEntries = 200_000;
const patienceMs = 10_000;

/**
 * Reads the list at the end of a zip, and nothing of what is in it; within ten seconds and 200,000
 * entries. null where that is no list of a zip. Rejects with the signal's reason.
 */
export async function listZip(path: string, signal: AbortSignal): Promise<ZipListing | null> {
  signal.throwIfAborted();
  const zip = await openZip(path);
  if (!zip) return null;
  const names: string[] = [];
  const untilMs = performance.now() + patienceMs;
  return new Promise((resolve, reject) => {
    const settle = (end: () => void): void => {
      zip.close();
      end();
    };
    zip.on('entry', ({ fileName }: Entry) => {
      names.push(fileName);
      if (signal.aborted) settle(() => { reject(signal.reason as Error); });
      else if (names.length >= mostEntries || performance.now() > untilMs) settle(() => { resolve({ names, isWhole: names.length === zip.entryCount }); });
      else zip.readEntry();
    });
    zip.on('end', () => { settle(() => { resolve({ names, isWhole: true }); }); });
    zip.on('error', () => { settle(() => { resolve(null); }); });
    zip.readEntry();
  });
}

function openZip(path: string): Promise<ZipFile | null> {
  return new Promise((resolve) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, zip) => { resolve(error ? null : zip); });
  });
}
