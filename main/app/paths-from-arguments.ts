import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Node's options that are followed by a value, which may well be a path. */
const takesValue = new Set(['-r', '--require', '--import', '-e', '--eval']);

/**
 * The files and folders a command line asks to open. `argv` begins with the program. Ignored are
 * options, what does not exist, and `ignored` (the app's own folder and entry, which follow the
 * program when it runs from source). Relative paths are seen from `workingDirectory`; file
 * managers may also give `file://` addresses.
 */
export function pathsFromArguments(
  argv: readonly string[],
  context: { workingDirectory: string; ignored: readonly string[]; exists(path: string): boolean },
): string[] {
  const paths = new Set<string>();
  let onlyPaths = false;
  for (let at = 1; at < argv.length; at += 1) {
    const argument = argv[at] ?? '';
    if (!onlyPaths && argument === '--') onlyPaths = true;
    else if (!onlyPaths && takesValue.has(argument)) at += 1;
    else if (onlyPaths || !argument.startsWith('-')) {
      const path = toPath(argument, context.workingDirectory);
      if (path !== null && !context.ignored.includes(path) && context.exists(path)) paths.add(path);
    }
  }
  return [...paths];
}

function toPath(argument: string, workingDirectory: string): string | null {
  if (argument === '' || argument === '.') return null;
  if (argument.startsWith('file://')) {
    try {
      return fileURLToPath(argument);
    } catch {
      return null;
    }
  }
  return isAbsolute(argument) ? resolve(argument) : resolve(workingDirectory, argument);
}
