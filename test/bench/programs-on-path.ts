import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Why the program cannot be run here, null where it can. */
export function notInstalled(program: string): string | null {
  const found = (process.env['PATH'] ?? '').split(path.delimiter).some((directory) => isExecutable(path.join(directory, program)));
  return found ? null : `${program} is not installed`;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
